//! What a chart is told of the cluster: the version of Kubernetes and the API versions.

/// The version of Kubernetes that both pinned versions of Helm assume.
pub(crate) const DEFAULT_VERSION: &str = "v1.36.0";

/// The group versions of the client library that both pinned versions are built with, in its order. No kinds: on a
/// cluster Helm asks for those, in `template` there are none.
pub(crate) const API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// A version of Kubernetes as charts see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KubeVersion {
    /// `.Version`; Helm 4 keeps a vendor's suffix here.
    pub version: String,
    /// Without any suffix: what ranges are checked against, and what the object prints as.
    pub normalized: String,
    /// `.Major`
    pub major: String,
    /// `.Minor`
    pub minor: String,
}

impl Default for KubeVersion {
    fn default() -> Self {
        KubeVersion {
            version: DEFAULT_VERSION.to_owned(),
            normalized: DEFAULT_VERSION.to_owned(),
            major: "1".to_owned(),
            minor: "36".to_owned(),
        }
    }
}

impl KubeVersion {
    /// Reads `--kube-version` as apimachinery does: at least two numbers parted by dots, and anything behind.
    ///
    /// # Errors
    /// It is no version: the text says why, in apimachinery's words.
    ///
    /// ```
    /// use plimsoll::render::chart::KubeVersion;
    /// let version = KubeVersion::parse("1.27.16-eks-abc", false).unwrap();
    /// assert_eq!((&*version.version, &*version.normalized), ("v1.27.16-eks-abc", "v1.27.16"));
    /// assert_eq!(KubeVersion::parse("x", false).unwrap_err(), "could not parse \"x\" as version");
    /// ```
    pub fn parse(text: &str, helm3: bool) -> Result<KubeVersion, String> {
        let quoted = gotmpl::strconv::quote(text.as_bytes());
        let trimmed = text.trim_start();
        let bare = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let mut numbers: Vec<&str> = Vec::new();
        let mut rest = bare;
        loop {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                break;
            }
            numbers.push(&rest[..digits]);
            // What follows the numbers may be anything.
            match rest[digits..].strip_prefix('.') {
                Some(after) => rest = after,
                None => break,
            }
        }
        let Some(first) = numbers.first() else { return Err(format!("could not parse {quoted} as version")) };
        if numbers.len() < 2 {
            return Err(format!("illegal version string {quoted}"));
        }
        if first.len() > 1 && first.starts_with('0') {
            let first = gotmpl::strconv::quote(first.as_bytes());
            return Err(format!("illegal zero-prefixed version component {first} in {quoted}"));
        }
        let mut components = Vec::new();
        for number in numbers {
            let Ok(parsed) = number.parse::<u64>() else {
                let number = gotmpl::strconv::quote(number.as_bytes());
                return Err(format!(
                    "illegal non-numeric version component {number} in {quoted}: strconv.ParseUint: parsing {number}: value out of range"
                ));
            };
            components.push(parsed.to_string());
        }
        let normalized = format!("v{}", components.join("."));
        let given = if text.starts_with('v') { text.to_owned() } else { format!("v{text}") };
        Ok(KubeVersion {
            version: if helm3 { normalized.clone() } else { given },
            normalized,
            major: components[0].clone(),
            minor: components[1].clone(),
        })
    }
}
