//! `vars`: `$(NAME)` in the fields of a table becomes the value of a field elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use source::{Diagnostic, OriginId, Place};
use yaml::{Kind, NodeId, Style, Tree};

use super::codes::{VARIABLE_INVALID, VARIABLE_UNUSED};
use super::config::TransformerConfig;
use super::context::Cx;
use super::decode::Spanned;
use super::error::BuildError;
use super::field_spec::{Make, Walk, split_path};
use super::kustomization::{Var, VarTarget};
use super::res_id::{ResId, gvk_text};
use super::res_map::ResMap;
use super::resource::Resource;
use crate::kube::Gvk;

/// The variables of a build so far, by name.
#[derive(Default)]
pub struct Variables {
    all: BTreeMap<String, Spanned<Var>>,
}

impl Variables {
    /// Adds the variables of a kustomization, and notes which objects they read.
    ///
    /// # Errors
    /// A name is taken, or several objects fit.
    pub fn add(&mut self, incoming: &[Spanned<Var>], all: &mut ResMap) -> Result<(), BuildError> {
        for var in incoming {
            let (gvk, target) = (gvk_of(&var.objref), &var.objref);
            let name = &**target.name;
            let wanted = ResId {
                gvk,
                name: name.into(),
                namespace: target.namespace.as_str().into(),
                is_cluster_scoped: false,
            };
            let fits = |id: &ResId| {
                if wanted.namespace.is_empty() { wanted.is_gvkn(id) } else { wanted == *id }
            };
            let mut found = Vec::new();
            for (at, resource) in all.iter().enumerate() {
                let is_called = resource.id().name == wanted.name
                    || resource.notes.previous.iter().any(|former| former.name == wanted.name);
                if is_called
                    && !resource.is_empty()
                    && (fits(resource.id()) || resource.previous_ids().any(|id| fits(&id)))
                {
                    found.push(at);
                }
            }
            match found[..] {
                [] => {}
                [one] => {
                    if let Some(resource) = all.iter_fields().nth(one) {
                        resource.variables.push(var.name.as_str().into());
                    }
                }
                _ => {
                    let upstream = format!(
                        "found {} resId matches for var {} (unable to disambiguate)",
                        found.len(),
                        shown(var)
                    );
                    let message = format!("several objects fit what `{}` reads", *var.name);
                    return Err(invalid(var, message, upstream));
                }
            }
        }
        for var in incoming {
            self.put(var.clone())?;
        }
        Ok(())
    }

    /// Adds those of another build.
    ///
    /// # Errors
    /// A name is taken.
    pub fn merge(&mut self, other: Variables) -> Result<(), BuildError> {
        other.all.into_values().try_for_each(|var| self.put(var))
    }

    fn put(&mut self, mut var: Spanned<Var>) -> Result<(), BuildError> {
        let name = var.name.value.clone();
        if let Some(first) = self.all.get(&name) {
            let message = format!("the variable `{name}` is there already");
            let error = invalid(&var, message, format!("var '{name}' already encountered"));
            return Err(match first.at {
                Some(first) => error.via(first, "first here"),
                None => error,
            });
        }
        if var.fieldref.field_path.is_empty() {
            var.value.fieldref.field_path.value = "metadata.name".to_owned();
        }
        self.all.insert(name, var);
        Ok(())
    }

    /// Replaces them everywhere.
    ///
    /// # Errors
    /// A variable has no value, or stands where no text can be.
    pub fn resolve(
        &self,
        all: &mut ResMap,
        config: &TransformerConfig,
        cx: &mut Cx<'_>,
    ) -> Result<(), BuildError> {
        if self.all.is_empty() {
            return Ok(());
        }
        let values = self.values(all, cx)?;
        let mut used = BTreeSet::new();
        let walks: Vec<Walk> = config.var_references.iter().cloned().map(Walk::new).collect();
        let mut by_type: HashMap<Gvk, Vec<&Walk>> = HashMap::new();
        for resource in all.iter_for(&walks) {
            let id = resource.id().clone();
            let fitting = by_type
                .entry(id.gvk.clone())
                .or_insert_with(|| walks.iter().filter(|walk| walk.selects(&id.gvk)).collect());
            for walk in &*fitting {
                let typed = cx.typed_for(walk, resource);
                let mut replacer = Replacer { values: &values, used: &mut used, typed };
                let result = walk.visit(
                    resource.tree_for(walk),
                    &id,
                    Make::Nothing,
                    OriginId::UNKNOWN,
                    &mut |tree, node| replacer.set(tree, node, cx),
                );
                if let Err(upstream) = result {
                    let message = format!("variables in {} `{}` cannot be replaced", id.gvk.kind, id.name);
                    return Err(BuildError::new(&VARIABLE_INVALID, resource.place(), message, upstream));
                }
            }
        }
        let unused: Vec<&str> =
            self.all.keys().map(String::as_str).filter(|name| !used.contains(*name)).collect();
        let all_unused = unused.join(",");
        for (at, name) in unused.iter().enumerate() {
            let Some(place) = self.all.get(*name).map(place) else { continue };
            let mut told =
                Diagnostic::new(&VARIABLE_UNUSED, place, format!("the variable `{name}` is used nowhere"));
            if at == 0 {
                told = told.upstream(format!("well-defined vars that were never replaced: {all_unused}"));
            }
            cx.out.push(told);
        }
        Ok(())
    }

    fn values(&self, all: &ResMap, cx: &mut Cx<'_>) -> Result<HashMap<&str, Found>, BuildError> {
        let mut readers: HashMap<&str, &Resource> = HashMap::new();
        for resource in all {
            for name in &resource.variables {
                readers.entry(name).or_insert(resource);
            }
        }
        let mut values = HashMap::new();
        for (name, var) in &self.all {
            let Some(resource) = readers.get(&**name) else {
                let upstream =
                    format!("var '{}' cannot be mapped to a field in the set of known resources", shown(var));
                let message = format!("there is no object that `{name}` could read");
                return Err(invalid(var, message, upstream));
            };
            // The build's own notes make annotations where there are none.
            let path = &var.fieldref.field_path;
            let exposed = path.starts_with("metadata.annotations").then(|| resource.exposed());
            let tree = exposed.as_ref().unwrap_or(resource.tree());
            let found = field(tree, path).and_then(|node| Found::of(tree, node));
            let Some(mut found) = found else {
                let upstream =
                    format!("field specified in var '{}' not found in corresponding resource", shown(var));
                let path = &**var.fieldref.field_path;
                let message = format!("the object that `{name}` reads has no {path}");
                return Err(invalid(var, message, upstream).via(resource.place(), "this object"));
            };
            let object = &var.objref;
            let asked = cx.said_by([
                &var.name,
                &object.api_version,
                &object.group,
                &object.version,
                &object.kind,
                &object.name,
                &object.namespace,
                &var.fieldref.field_path,
            ]);
            let is_typed =
                [&object.api_version, &object.group, &object.version].iter().any(|t| !t.is_empty());
            let typed = cx.typed(resource, is_typed, !object.kind.is_empty());
            let called = cx.origin_of_name(resource);
            let called = cx.origins.first(called);
            for cond in [typed, called] {
                let asked = cx.both(asked, cond);
                found.origin = cx.given(found.origin, asked);
            }
            values.insert(name.as_str(), found);
        }
        Ok(values)
    }
}

/// The value of a variable.
struct Found {
    value: Scalar,
    origin: OriginId,
}

#[derive(Clone, PartialEq, Debug)]
enum Scalar {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A map, a list, nothing: the variable stays as it is.
    Other,
}

impl Found {
    fn of(tree: &Tree, node: NodeId) -> Option<Found> {
        let text = tree.text(node);
        let value = match (tree.kind(node), tree.tag(node)) {
            (Kind::Map | Kind::Seq, _) => Scalar::Other,
            // Go's strconv reads them, which knows fewer forms than YAML.
            (_, "!!int") => Scalar::Int(text.trim_start_matches('+').parse().ok()?),
            (_, "!!float") => Scalar::Float(text.parse().ok()?),
            (_, "!!bool") => Scalar::Bool(matches!(text, "true" | "True" | "TRUE")),
            _ => Scalar::Text(text.to_owned()),
        };
        Some(Found { value, origin: tree.origin(node) })
    }
}

/// The field at a path with dots; numbers are places of lists, `[a=b]` an item, `[a.b]` a key.
fn field(tree: &Tree, path: &str) -> Option<NodeId> {
    let mut node = tree.root();
    for part in smart_parts(path) {
        if let Ok(at) = part.parse::<usize>() {
            node = *tree.children(node).get(at).filter(|_| tree.kind(node) == Kind::Seq)?;
            continue;
        }
        if let Some((key, value)) =
            part.strip_prefix('[').and_then(|p| p.strip_suffix(']')).and_then(|p| p.split_once('='))
        {
            let is_it = |item: &NodeId| match key {
                "" => tree.text(*item) == value,
                key => tree.get(*item, key).is_some_and(|node| tree.text(node) == value),
            };
            node =
                tree.children(node).iter().copied().find(is_it).filter(|_| tree.kind(node) == Kind::Seq)?;
            continue;
        }
        if tree.kind(node) != Kind::Map {
            return None;
        }
        node = tree.get(node, &part)?;
    }
    Some(node)
}

fn smart_parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut split = split_path(path, '.').into_iter();
    while let Some(mut part) = split.next() {
        if part.starts_with('[') && !part.ends_with(']') {
            for next in split.by_ref() {
                part.push('.');
                part.push_str(&next);
                if next.ends_with(']') {
                    break;
                }
            }
            if !part.contains('=') {
                part = part.trim_matches(['[', ']']).to_owned();
            }
        }
        // `ports[0]` is `ports` and `0`.
        let index = part.strip_suffix(']').and_then(|p| p.rsplit_once('['));
        match index {
            Some((name, at)) if !at.is_empty() && at.bytes().all(|b| b.is_ascii_digit()) => {
                if !name.is_empty() {
                    parts.push(name.to_owned());
                }
                parts.push(at.to_owned());
            }
            _ => parts.push(part),
        }
    }
    parts
}

struct Replacer<'a> {
    values: &'a HashMap<&'a str, Found>,
    used: &'a mut BTreeSet<String>,
    /// The type of the object, where the field is one of that type alone.
    typed: OriginId,
}

impl Replacer<'_> {
    fn set(&mut self, tree: &mut Tree, node: NodeId, cx: &mut Cx<'_>) -> Result<(), String> {
        if tree.is_null(node) {
            return Ok(());
        }
        match tree.kind(node) {
            Kind::Scalar => {
                if tree.is_text(node) {
                    self.replace(tree, node, cx);
                }
            }
            Kind::Map => {
                for (key, value) in tree.entries(node).collect::<Vec<_>>() {
                    if !tree.is_text(key) {
                        let (text, tag) = (tree.text(key), tree.tag(key));
                        return Err(format!("invalid map key: value='{text}', tag='{tag}'"));
                    }
                    if tree.is_text(value) {
                        self.replace(tree, value, cx);
                    }
                }
            }
            Kind::Seq => {
                for item in tree.children(node).to_vec() {
                    if !tree.is_text(item) {
                        return Err("invalid value type expect a string".to_owned());
                    }
                    self.replace(tree, item, cx);
                }
            }
        }
        Ok(())
    }

    fn replace(&mut self, tree: &mut Tree, node: NodeId, cx: &mut Cx<'_>) {
        let text = tree.text(node);
        if !text.contains('$') {
            // What is looked at is a string from now on.
            tree.make_string(node);
            return;
        }
        let mut data = OriginId::UNKNOWN;
        let new = self.expand(text, &mut data, cx);
        if new == Scalar::Text(text.to_owned()) {
            return;
        }
        let was = tree.origin(node);
        let both = cx.both(was, data);
        let origin = cx.given(both, self.typed);
        tree.set_style(node, Style::Plain);
        match new {
            Scalar::Text(text) => {
                tree.make_string(node);
                tree.set_text(node, text, origin);
            }
            Scalar::Other => {}
            other => tree.set_untyped(node, other.print(true), origin),
        }
    }

    /// Replaces the variables of a text. One that is the whole text keeps its type; `$$` is one `$`.
    fn expand(&mut self, text: &str, data: &mut OriginId, cx: &mut Cx<'_>) -> Scalar {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let behind = &rest[at + 1..];
            let mut chars = behind.chars();
            match chars.next() {
                None => {
                    rest = &rest[at..];
                    break;
                }
                Some('$') => {
                    out.push('$');
                    rest = chars.as_str();
                }
                Some('(') => match behind.find(')') {
                    Some(end) => {
                        let name = &behind[1..end];
                        let value = self.value(name, data, cx);
                        if text.len() == name.len() + 3 {
                            return value.unwrap_or_else(|| Scalar::Text(text.to_owned()));
                        }
                        match value {
                            Some(value) => out.push_str(&value.print(false)),
                            None => out.push_str(&rest[at..at + 2 + end]),
                        }
                        rest = &behind[end + 1..];
                    }
                    None => {
                        out.push_str("$(");
                        rest = chars.as_str();
                    }
                },
                Some(other) => {
                    out.push('$');
                    out.push(other);
                    rest = chars.as_str();
                }
            }
        }
        out.push_str(rest);
        Scalar::Text(out)
    }

    fn value(&mut self, name: &str, data: &mut OriginId, cx: &mut Cx<'_>) -> Option<Scalar> {
        let found = self.values.get(name).filter(|found| found.value != Scalar::Other)?;
        self.used.insert(name.to_owned());
        if cx.options.trace {
            *data = cx.origins.union(*data, found.origin);
        }
        Some(found.value.clone())
    }
}

impl Scalar {
    /// As a node has it, or as Go prints it within a text.
    fn print(&self, in_node: bool) -> String {
        match self {
            Scalar::Text(text) => text.clone(),
            Scalar::Int(int) => int.to_string(),
            Scalar::Bool(bool) => bool.to_string(),
            Scalar::Float(float) if in_node => format!("{float}"),
            Scalar::Float(float) => {
                let text = gotmpl::fmt::sprint(&gotmpl::Value::float(*float));
                text.lossy().into_owned()
            }
            Scalar::Other => String::new(),
        }
    }
}

fn gvk_of(target: &VarTarget) -> Gvk {
    let given = Gvk {
        group: target.group.as_str().into(),
        version: target.version.as_str().into(),
        kind: target.kind.as_str().into(),
    };
    match target.api_version.split('/').collect::<Vec<_>>()[..] {
        [""] => given,
        [version] => Gvk { version: version.into(), ..given },
        [group, version] => Gvk { group: group.into(), version: version.into(), ..given },
        _ => given,
    }
}

/// A variable as Go prints it.
fn shown(var: &Var) -> String {
    let path = &**var.fieldref.field_path;
    format!("{{{} {} {{{path}}}}}", *var.name, gvk_text(&gvk_of(&var.objref)))
}

fn place(var: &Spanned<Var>) -> Place {
    var.name.at.or(var.at).map_or(Place::from(OriginId::UNKNOWN), Place::from)
}

fn invalid(var: &Spanned<Var>, message: String, upstream: String) -> BuildError {
    BuildError::new(&VARIABLE_INVALID, place(var), message, upstream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::context::BuildOptions;
    use crate::render::kustomize::testing::{resource, with_cx};
    use crate::world::Memory;

    fn var(name: &str, path: &str) -> Spanned<Var> {
        let mut var = Var::default();
        var.name.value = name.to_owned();
        var.objref.api_version.value = "v1".to_owned();
        var.objref.kind.value = "Service".to_owned();
        var.objref.name.value = "s".to_owned();
        var.fieldref.field_path.value = path.to_owned();
        Spanned { value: var, at: None }
    }

    const SERVICE: &str =
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80, ratio: 1.50}]}\n";

    fn resolved(command: &str, vars: &[Spanned<Var>]) -> Result<String, String> {
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{args: {command}}}]}}\n"
        );
        let mut all: ResMap = [resource(SERVICE), resource(&pod)].into_iter().collect();
        with_cx(&Memory::new(), &BuildOptions::default(), |cx| {
            let mut variables = Variables::default();
            let told = |error: BuildError| error.upstream().to_owned();
            variables.add(vars, &mut all).map_err(told)?;
            variables.resolve(&mut all, &TransformerConfig::builtin(), cx).map_err(told)?;
            let tree = all.get(1).unwrap().tree();
            let args = field(tree, "spec.containers[0].args").unwrap();
            let texts = tree.children(args).iter().map(|a| format!("{}:{}", tree.tag(*a), tree.text(*a)));
            Ok(texts.collect::<Vec<_>>().join(" "))
        })
    }

    #[test]
    fn variables_are_replaced_and_keep_their_type() {
        let vars = [var("NAME", ""), var("PORT", "spec.ports[0].port"), var("R", "spec.ports.0.ratio")];
        assert_eq!(
            resolved("[\"$(NAME):$(PORT)\", $(PORT), $$(PORT), $(ELSE), \"$(R)x\", \"$(\", $]", &vars)
                .unwrap(),
            "!!str:s:80 !!int:80 !!str:$(PORT) !!str:$(ELSE) !!str:1.5x !!str:$( !!str:$"
        );
    }

    #[test]
    fn what_has_no_value() {
        let told = resolved("[]", &[var("A", "spec.none")]).unwrap_err();
        assert_eq!(
            told,
            "field specified in var '{A Service.v1.[noGrp] {spec.none}}' not found in corresponding resource"
        );
        assert_eq!(resolved("[]", &[var("A", ""), var("A", "")]).unwrap_err(), "var 'A' already encountered");
    }
}
