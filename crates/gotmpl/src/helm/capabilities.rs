//! `.Capabilities`: which Kubernetes, which APIs, which Helm.

use std::rc::Rc;

use super::record::{Field, Record};
use crate::value::{Data, List, Named, Text, Type, Value};
use crate::{Func, Profile, method};

/// What the cluster can do, as the command line or the profile says.
#[derive(Clone, Debug, Default)]
pub struct Capabilities {
    /// Such as `v1.33.1`.
    pub version: Text,
    /// The version without a vendor's suffix, which Helm 4 prints.
    pub normalized: Text,
    /// Such as `1`.
    pub major: Text,
    /// Such as `33`.
    pub minor: Text,
    /// API versions, and kinds as `apps/v1/Deployment`.
    pub api_versions: Vec<Text>,
    /// Helm's own version: `v4.2.4`.
    pub helm: Text,
    /// The commit that Helm was built from.
    pub git_commit: Text,
    /// Such as `clean`.
    pub git_tree_state: Text,
    /// The compiler.
    pub go_version: Text,
    /// The version of Kubernetes that Helm 4's client is of.
    pub client: Text,
}

static HELM4: Named = Named { name: "common.VersionSet", under: Type::List(&Type::String), methods: &[&HAS] };
static HELM3: Named =
    Named { name: "chartutil.VersionSet", under: Type::List(&Type::String), methods: &[&HAS] };

static KUBE_METHODS: &[&Func] = &[&STRING, &GIT_VERSION];

/// The object.
pub fn capabilities(profile: Profile, from: &Capabilities) -> Value {
    let str = |text: &Text| Value::str(text.clone());
    let (set, names) = match profile {
        Profile::Helm3 => (&HELM3, ["*chartutil.Capabilities", "chartutil.KubeVersion"]),
        Profile::Helm4 => (&HELM4, ["*common.Capabilities", "common.KubeVersion"]),
    };
    let mut version = vec![Field::new("Version", str(&from.version))];
    if profile == Profile::Helm4 {
        version.push(Field { exported: false, ..Field::new("normalizedVersion", str(&from.normalized)) });
    }
    version.push(Field::new("Major", str(&from.major)));
    version.push(Field::new("Minor", str(&from.minor)));
    let shown = if profile == Profile::Helm4 { &from.normalized } else { &from.version };
    let kube = Record {
        ty: names[1],
        fields: version,
        methods: KUBE_METHODS,
        address_string: Some(shown.lossy().into_owned()),
    };
    let mut build = vec![
        Field::new("Version", str(&from.helm)).json("version"),
        Field::new("GitCommit", str(&from.git_commit)).json("git_commit"),
        Field::new("GitTreeState", str(&from.git_tree_state)).json("git_tree_state"),
        Field::new("GoVersion", str(&from.go_version)).json("go_version"),
    ];
    if profile == Profile::Helm4 {
        let client = Field::new("KubeClientVersion", str(&from.client)).json("kube_client_version");
        build.push(Field { omit_empty: false, ..client });
    }
    let build = Record { ty: "version.BuildInfo", fields: build, methods: &[], address_string: None };
    let apis = from.api_versions.iter().map(str).collect();
    let apis = Value::new(Data::List(Rc::new(List::of(Type::Named(set), apis))));
    Value::object(Record {
        ty: names[0],
        fields: vec![
            Field::new("KubeVersion", Value::object(kube)),
            Field::new("APIVersions", apis),
            Field::new("HelmVersion", Value::object(build)),
        ],
        methods: &[],
        address_string: None,
    })
}

fn field(this: &Value, name: &str) -> Value {
    match &this.data {
        Data::Object(object) => object.field(name).unwrap_or_default(),
        _ => Value::NIL,
    }
}

method! {
    /// Whether the cluster has an API version (`apps/v1`) or kind (`apps/v1/Deployment`).
    static HAS = "Has"(_cx, this, version: Text) -> bool {
        this.as_list().is_some_and(|all| all.iter().any(|v| v.as_bytes() == Some(version.bytes())))
    }

    /// The version as it prints.
    static STRING = "String"(_cx, this) -> Text {
        match &this.data {
            Data::Object(object) => object.address_string().unwrap_or_default().into(),
            _ => Text::default(),
        }
    }

    /// The same as `.Version`.
    static GIT_VERSION = "GitVersion"(_cx, this) -> Text {
        field(&this, "Version").text().unwrap_or_default()
    }
}
