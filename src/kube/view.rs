//! Maps as structs: the fields that rules ask for, found in one pass over a map's entries.

/// Declares a struct with one optional node a field, filled by one pass over a map.
///
/// Rules then read `container.image` where a look-up by name would walk the entries again for every rule. A field
/// that is `null` is one that is not set, as it is to the server.
macro_rules! view {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* $field:ident = $key:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Default)]
        pub struct $name<'a> {
            /// The map itself.
            pub node: Option<yaml::Node<'a>>,
            $($(#[$doc])* pub $field: Option<yaml::Node<'a>>,)+
        }

        impl<'a> $name<'a> {
            /// The fields of that map; none are set where it is absent or no map.
            pub fn of(node: Option<yaml::Node<'a>>) -> Self {
                let mut view = $name { node, ..$name::default() };
                for (key, value) in node.into_iter().flat_map(yaml::Node::entries) {
                    let slot = match key.text() {
                        $($key => &mut view.$field,)+
                        _ => continue,
                    };
                    *slot = (!value.is_null()).then_some(value);
                }
                view
            }
        }
    };
}

pub(crate) use view;
