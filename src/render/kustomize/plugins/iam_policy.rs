//! IAMPolicyGenerator: a service account that stands for one of Google's cloud.

use source::{OriginId, Place};
use yaml::Tree;

use super::config::IamPolicyConfig;
use crate::render::kustomize::codes::GENERATOR_INVALID;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::resource::Resource;
use crate::render::kustomize::step::Generator;

/// Makes the account.
pub(super) struct IamPolicy(pub IamPolicyConfig);

impl Generator for IamPolicy {
    fn generate(&mut self, cx: &mut Cx<'_>) -> Result<Vec<Resource>, BuildError> {
        let config = &self.0;
        if config.cloud.as_str() != "gke" {
            let at = config.cloud.at.map_or(Place::Origin(OriginId::UNKNOWN), Place::Span);
            let upstream = format!("cloud provider {} not supported yet", config.cloud.value);
            return Err(BuildError::new(&GENERATOR_INVALID, at, "only the cloud `gke` is known", upstream));
        }
        let origin =
            |text: &crate::render::kustomize::Text, cx: &mut Cx<'_>| cx.generated(text.at, OriginId::UNKNOWN);
        let (service, account) = (&config.kubernetes_service, &config.service_account);
        let mut tree = Tree::new(OriginId::UNKNOWN);
        let root = tree.root();
        for (key, value) in [("apiVersion", "v1"), ("kind", "ServiceAccount")] {
            let value = tree.string(value, OriginId::UNKNOWN);
            tree.set(root, key, value);
        }
        let metadata = tree.map(OriginId::UNKNOWN);
        tree.set(root, "metadata", metadata);
        let annotations = tree.map(OriginId::UNKNOWN);
        tree.set(metadata, "annotations", annotations);
        let mail = format!("{}@{}.iam.gserviceaccount.com", account.name.value, account.project_id.value);
        let from = cx.read(account.project_id.at);
        let from = cx.generated(account.name.at, from);
        let mail = tree.string(mail, from);
        tree.set(annotations, "iam.gke.io/gcp-service-account", mail);
        for (key, text) in [("name", &service.name), ("namespace", &service.namespace)] {
            if key == "name" || !text.is_empty() {
                // Upstream writes YAML and reads it: what looks like a number is one.
                let from = origin(text, cx);
                let value = tree.plain(text.value.as_str(), from);
                tree.set(metadata, key, value);
            }
        }
        Ok(vec![Resource::new(tree)])
    }
}
