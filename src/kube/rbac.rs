//! What roles allow, and who has them.

use yaml::Node;

use super::Resource;

/// Whether the server makes a ClusterRole of that name itself.
pub fn is_built_in(cluster_role: &str) -> bool {
    matches!(cluster_role, "cluster-admin" | "admin" | "edit" | "view") || cluster_role.starts_with("system:")
}

/// Whether an object belongs to what the server makes at its start: it has the label of the defaults.
pub fn is_default(resource: &Resource) -> bool {
    let label = resource.labels().and_then(|l| l.get("kubernetes.io/bootstrapping"));
    label.is_some_and(|l| l.text() == "rbac-defaults")
}

/// One rule of a role.
#[derive(Clone, Copy)]
pub struct Grant<'a> {
    /// The rule's map.
    pub node: Node<'a>,
}

impl<'a> Grant<'a> {
    /// The rules of a Role or ClusterRole.
    pub fn of(role: &'a Resource) -> impl Iterator<Item = Grant<'a>> {
        role.root().get("rules").into_iter().flat_map(Node::items).map(|node| Grant { node })
    }

    fn list(self, field: &str) -> impl Iterator<Item = Node<'a>> {
        self.node.get(field).into_iter().flat_map(Node::items)
    }

    /// The first of the verbs that it gives, `*` being all.
    pub fn verb(self, verbs: &[&str]) -> Option<Node<'a>> {
        self.list("verbs").find(|v| v.text() == "*" || verbs.contains(&v.text()))
    }

    /// Whether it gives that verb, `*` being all.
    pub fn has_verb(self, verb: &str) -> bool {
        self.verb(&[verb]).is_some()
    }

    /// Whether it is about an API group, `*` being all.
    pub fn has_group(self, group: &str) -> bool {
        self.list("apiGroups").any(|g| g.text() == "*" || g.text() == group)
    }

    /// The first of the resources that it is about: by name, as `name/*` or `*/subresource`, or as `*`.
    pub fn resource(self, resources: &[&str]) -> Option<Node<'a>> {
        self.list("resources").find(|written| resources.iter().any(|wanted| covers(written.text(), wanted)))
    }

    /// The names of objects that it is limited to, if it is.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.list("resourceNames").map(Node::text)
    }

    /// Whether it is limited to objects by their names.
    pub fn is_named(self) -> bool {
        self.names().next().is_some()
    }

    /// The `*` of a list, if it is there.
    pub fn star(self, field: &str) -> Option<Node<'a>> {
        self.list(field).find(|item| item.text() == "*")
    }

    /// Whether it gives everything: `*` in verbs (or all of them by name), resources and groups.
    pub fn is_everything(self) -> bool {
        let all = ["get", "list", "watch", "create", "update", "patch", "delete"];
        let verbs = self.star("verbs").is_some() || all.iter().all(|v| self.has_verb(v));
        verbs && self.star("resources").is_some() && self.star("apiGroups").is_some() && !self.is_named()
    }
}

fn covers(written: &str, wanted: &str) -> bool {
    if written == "*" || written == wanted {
        return true;
    }
    let (Some((name, sub)), Some((first, last))) = (wanted.split_once('/'), written.split_once('/')) else {
        return false;
    };
    first == name && last == "*" || first == "*" && last == sub
}
