//! What the parts of a Pod say of each other: volumes and their mounts, claims and their uses (pkg/apis/core/validation).

use std::fmt;

use rustc_hash::FxHashSet;
use yaml::Node;

use super::super::codes::{ENUM_VALUE, INVALID_NAME, INVALID_VALUE, NOT_FOUND, REQUIRED_FIELD_MISSING};
use super::super::decode::Walk;
use super::super::name;
use super::{items, text};

const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// The whole of a Pod's spec.
pub(super) fn spec<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let volumes = volumes(walk, node);
    let claims = claims(walk, node);
    for list in CONTAINERS {
        for (at, container) in items(node, list).enumerate() {
            mounts(walk, container, &volumes, format_args!(".{list}[{at}]"));
            for (claim, used) in
                container.at("resources.claims").into_iter().flat_map(Node::items).enumerate()
            {
                let Some((node, name)) = text(used, "name").filter(|(_, name)| !claims.contains(name)) else {
                    continue;
                };
                let message = format!("the Pod has no resource claim `{name}`");
                let below = format_args!(".{list}[{at}].resources.claims[{claim}]");
                walk.tell(&NOT_FOUND, "FieldValueNotFound", node, below, message);
            }
        }
    }
    if text(node, "dnsPolicy").is_some_and(|(_, policy)| policy == "None") {
        let config = node.get("dnsConfig").filter(|config| !config.is_null());
        let below = match config {
            None => ".dnsConfig",
            Some(config) if items(config, "nameservers").next().is_none() => ".dnsConfig.nameservers",
            Some(_) => return,
        };
        let message = "with the `dnsPolicy` `None` the Pod needs name servers of its own";
        walk.tell(&REQUIRED_FIELD_MISSING, "FieldValueRequired", config.unwrap_or(node), below, message);
    }
}

/// The names of the volumes that can be mounted. A volume with a fault of its own is none.
fn volumes<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) -> FxHashSet<&'a str> {
    let mut names = FxHashSet::default();
    // The volumes of a StatefulSet's claims stand in the place of its template's.
    if let [_, set, ..] = walk.frames.as_slice()
        && set.ty.short_name() == "StatefulSetSpec"
    {
        let claims = items(set.node, "volumeClaimTemplates").filter_map(|claim| claim.at("metadata.name"));
        names.extend(claims.filter_map(Node::as_str).filter(|name| name::label(name).is_none()));
    }
    for (at, volume) in items(node, "volumes").enumerate() {
        let Some((node, name)) = text(volume, "name") else { continue };
        if names.contains(name) {
            continue;
        }
        if let Some(fault) = name::label(name) {
            let message = format!("`{name}` is no name for a volume");
            let below = format_args!(".volumes[{at}].name");
            walk.tell(&INVALID_NAME, "FieldValueInvalid", node, below, message).help = Some(fault);
        } else if walk.report.is_clean()
            // Whoever cannot decode the object never comes to ask who mounts what.
            || walk.report.refuses_to_decode()
            || !walk.report.has_below(&format!("{}.volumes[{at}]", walk.here()))
        {
            names.insert(name);
        }
    }
    names
}

/// The names of the resource claims.
fn claims<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) -> FxHashSet<&'a str> {
    let mut names = FxHashSet::default();
    for (at, claim) in items(node, "resourceClaims").enumerate() {
        let below = format_args!(".resourceClaims[{at}]");
        if let Some((node, name)) = text(claim, "name") {
            names.insert(name);
            if let Some(fault) = name::label(name) {
                let message = format!("`{name}` is no name for a resource claim");
                walk.tell(&INVALID_NAME, "FieldValueInvalid", node, format_args!("{below}.name"), message)
                    .help = Some(fault);
            }
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"];
        let set: Vec<&str> = sources.into_iter().filter(|source| super::is_set(claim, source)).collect();
        if set.len() != 1 {
            let message = "a resource claim takes one of `resourceClaimName` and `resourceClaimTemplateName`";
            walk.tell(&INVALID_VALUE, "FieldValueInvalid", claim, below, message);
        }
        for source in set {
            if let Some(node) = claim.get(source)
                && let Some(fault) = name::subdomain(node.text(), 253)
            {
                let message = format!("`{}` is no name for a resource claim", node.text());
                walk.tell(
                    &INVALID_NAME,
                    "FieldValueInvalid",
                    node,
                    format_args!("{below}.{source}"),
                    message,
                )
                .help = Some(fault);
            }
        }
    }
    names
}

/// Where a container mounts what.
fn mounts<'a>(
    walk: &mut Walk<'a, '_>,
    container: Node<'a>,
    volumes: &FxHashSet<&str>,
    base: fmt::Arguments<'_>,
) {
    let mut paths = FxHashSet::default();
    for (at, mount) in items(container, "volumeMounts").enumerate() {
        let below = format_args!("{base}.volumeMounts[{at}]");
        let name = mount.get("name").map_or("", Node::text);
        if !volumes.contains(name) {
            let message = match name {
                "" => "this mounts a volume without a name".to_owned(),
                name => format!("the Pod has no usable volume `{name}`"),
            };
            let near = source::closest(name, volumes.iter().copied());
            let node = mount.get("name").unwrap_or(mount);
            walk.tell(&NOT_FOUND, "FieldValueNotFound", node, format_args!("{below}.name"), message).help =
                near.map(|near| format!("did you mean `{near}`?"));
        }
        if let Some((node, path)) = text(mount, "mountPath")
            && !paths.insert(path)
        {
            let message = format!("two volumes are mounted at `{path}`");
            walk.tell(&INVALID_VALUE, "FieldValueInvalid", node, format_args!("{below}.mountPath"), message);
        }
        // The server names the list here, not the item.
        for field in ["subPath", "subPathExpr"] {
            let Some((node, path)) = text(mount, field) else { continue };
            if path.starts_with('/') || path.split('/').any(|part| part == "..") {
                let message = format!("`{field}` must lead down from the volume: `{path}` does not");
                walk.tell(
                    &INVALID_VALUE,
                    "FieldValueInvalid",
                    node,
                    format_args!("{base}.volumeMounts.{field}"),
                    message,
                );
            }
        }
        if text(mount, "subPath").is_some()
            && let Some((node, _)) = text(mount, "subPathExpr")
        {
            let message = "`subPathExpr` cannot stand beside `subPath`";
            walk.tell(
                &INVALID_VALUE,
                "FieldValueInvalid",
                node,
                format_args!("{below}.subPathExpr"),
                message,
            );
        }
    }
}

/// Name servers and domains that are looked through.
pub(super) fn dns<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    const SERVERS: usize = 3;
    const DOMAINS: usize = 32;
    const CHARACTERS: usize = 2_048;
    if let Some(servers) = node.get("nameservers") {
        if servers.items().count() > SERVERS {
            let message = format!("at most {SERVERS} name servers are allowed");
            walk.tell(&INVALID_VALUE, "FieldValueInvalid", servers, ".nameservers", message);
        }
        for (at, server) in servers.items().enumerate() {
            if !is_address(server.text()) {
                let message = format!("`{}` is no IP address", server.text());
                walk.tell(
                    &INVALID_VALUE,
                    "FieldValueInvalid",
                    server,
                    format_args!(".nameservers[{at}]"),
                    message,
                );
            }
        }
    }
    let Some(searches) = node.get("searches") else { return };
    let count = searches.items().count();
    let characters = searches.items().map(|s| s.text().len()).sum::<usize>() + count.saturating_sub(1);
    if count > DOMAINS {
        let message = format!("at most {DOMAINS} search domains are allowed");
        walk.tell(&INVALID_VALUE, "FieldValueInvalid", searches, ".searches", message);
    }
    if characters > CHARACTERS {
        let message = format!("the search domains may have {CHARACTERS} characters together");
        walk.tell(&INVALID_VALUE, "FieldValueInvalid", searches, ".searches", message);
    }
    for (at, search) in searches.items().enumerate() {
        let domain = search.text();
        // Labels may begin with an underscore here, as those of services in DNS do.
        let plain = domain.strip_suffix('.').unwrap_or(domain).replace('_', "a");
        if domain != "." && name::subdomain(&plain, 253).is_some() {
            let message = format!("`{domain}` is no domain");
            walk.tell(&INVALID_NAME, "FieldValueInvalid", search, format_args!(".searches[{at}]"), message);
        }
    }
}

/// An address as the old reader takes it: leading zeros and IPv4 in IPv6 are let through there.
fn is_address(text: &str) -> bool {
    if text.contains(':') {
        return text.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let parts: Vec<&str> = text.split('.').collect();
    let is_byte = |part: &&str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.trim_start_matches('0').len() <= 3
            && part.parse::<u32>().is_ok_and(|n| n <= 255)
    };
    parts.len() == 4 && parts.iter().all(is_byte)
}

/// The operating system.
pub(super) fn os<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let Some((at, name)) = text(node, "name").filter(|(_, name)| !matches!(*name, "linux" | "windows"))
    else {
        return;
    };
    walk.tell(&ENUM_VALUE, "FieldValueNotSupported", at, "", format!("`name` cannot be `{name}`")).help =
        Some("use one of `linux`, `windows`".to_owned());
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn old_addresses_may_have_leading_zeros() {
        assert!(is_address("10.0.0.1") && is_address("010.000.0.1") && is_address("::1"));
        assert!(
            !is_address("10.0.0") && !is_address("10.0.0.256") && !is_address("x") && !is_address("1.2.3.4 ")
        );
    }
}
