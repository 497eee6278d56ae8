//! What the builtin transformers may be told.

use crate::render::kustomize::decode::{Pairs, Spanned, Text, record};
use crate::render::kustomize::kustomization::{
    FieldSpecArgs, Image, Metadata, Replacement, Replica, Selector,
};

record! {
    /// Of an AnnotationsTransformer.
    pub struct AnnotationsConfig {
        /// What is put.
        annotations: Pairs = "annotations",
        /// Where.
        field_specs: Vec<FieldSpecArgs> = "fieldSpecs",
    }
}

record! {
    /// Of a LabelTransformer.
    pub struct LabelsConfig {
        /// What is put.
        labels: Pairs = "labels",
        /// Where.
        field_specs: Vec<FieldSpecArgs> = "fieldSpecs",
    }
}

record! {
    /// Of a NamespaceTransformer.
    pub struct NamespaceConfig {
        /// Its namespace is the one that is set.
        metadata: Option<Metadata> = "metadata",
        /// Where, besides the objects' own.
        field_specs: Vec<FieldSpecArgs> = "fieldSpecs",
        /// A namespace that is there stays.
        unset_only: bool = "unsetOnly",
        /// Which subjects of role bindings get it.
        subjects: Text = "setRoleBindingSubjects",
    }
}

record! {
    /// Of an ImageTagTransformer.
    pub struct ImageConfig {
        /// The image.
        image_tag: Spanned<Image> = "imageTag",
        /// Where, besides all containers.
        field_specs: Vec<FieldSpecArgs> = "fieldSpecs",
    }
}

record! {
    /// Of a ReplicaCountTransformer.
    pub struct ReplicaConfig {
        /// Whose and how many.
        replica: Spanned<Replica> = "replica",
        /// Where.
        field_specs: Vec<FieldSpecArgs> = "fieldSpecs",
    }
}

record! {
    /// Of a PrefixTransformer.
    pub struct PrefixConfig {
        /// The prefix.
        prefix: Text = "prefix",
        /// Where; it has to be said.
        field_specs: Option<Vec<FieldSpecArgs>> = "fieldSpecs",
    }
}

record! {
    /// Of a SuffixTransformer.
    pub struct SuffixConfig {
        /// The suffix.
        suffix: Text = "suffix",
        /// Where; it has to be said.
        field_specs: Option<Vec<FieldSpecArgs>> = "fieldSpecs",
    }
}

record! {
    /// Of a PatchJson6902Transformer.
    pub struct JsonPatchConfig {
        /// Which objects.
        target: Option<Spanned<Selector>> = "target",
        /// The file.
        path: Text = "path",
        /// The text.
        json_op: Text = "jsonOp",
    }
}

record! {
    /// Of a PatchStrategicMergeTransformer.
    pub struct StrategicMergeConfig {
        /// Files, or texts.
        paths: Vec<Text> = "paths",
        /// A text.
        patches: Text = "patches",
    }
}

record! {
    /// Of a ReplacementTransformer.
    pub struct ReplacementConfig {
        /// In order.
        replacements: Vec<Spanned<Replacement>> = "replacements",
    }
}

record! {
    /// Of a ValueAddTransformer.
    pub struct ValueAddConfig {
        /// The value; the name of the kustomization's directory when missing.
        value: Text = "value",
        /// Where.
        targets: Vec<Spanned<ValueAddTarget>> = "targets",
        /// A file of more targets.
        target_file_path: Text = "targetFilePath",
    }
}

record! {
    /// Where a value is put.
    pub struct ValueAddTarget {
        /// Which objects; all when missing.
        selector: Option<Selector> = "selector",
        /// The field, its keys with slashes between them.
        field_path: Text = "fieldPath",
        /// Where in the path that the field holds, counted from one; 0 replaces the field.
        file_path_position: i64 = "filePathPosition",
    }
}

record! {
    /// Of an IAMPolicyGenerator.
    pub struct IamPolicyConfig {
        /// `gke`
        cloud: Text = "cloud",
        /// The service account in the cluster.
        kubernetes_service: IamService = "kubernetesService",
        /// The service account in the cloud.
        service_account: IamAccount = "serviceAccount",
    }
}

record! {
    /// A service account of a cluster.
    pub struct IamService {
        /// Its name.
        name: Text = "name",
        /// Its namespace.
        namespace: Text = "namespace",
    }
}

record! {
    /// A service account of a cloud.
    pub struct IamAccount {
        /// Its name.
        name: Text = "name",
        /// Its project.
        project_id: Text = "projectId",
    }
}
