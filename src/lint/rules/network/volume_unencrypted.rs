use super::super::prelude::*;

rule! {
    /// A disk of the cloud is not asked to be encrypted.
    ///
    /// The parameters of the StorageClass do not say so. Where the account encrypts all disks anyway, nothing is missing.
    ///
    /// ```yaml bad
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast #! StorageClass `fast` does not ask for encryption
    /// provisioner: ebs.csi.aws.com
    /// ```
    /// ```yaml good
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// provisioner: ebs.csi.aws.com
    /// parameters:
    ///   encrypted: "true"
    /// ```
    "volume-unencrypted": Info, Strict, since "0.1.0";
    refs: ["kubescape: C-0264"];
    help: "set the parameter for encryption of the driver";
    check: Resource(&[Known::StorageClass], check);
}

/// Drivers, and the parameters by which each is asked to encrypt.
const DRIVERS: [(&str, &[&str]); 6] = [
    ("ebs.csi.aws.com", &["encrypted", "kmsKeyId"]),
    ("kubernetes.io/aws-ebs", &["encrypted", "kmsKeyId"]),
    ("efs.csi.aws.com", &["encryptInTransit"]),
    ("pd.csi.storage.gke.io", &["disk-encryption-kms-key"]),
    ("disk.csi.azure.com", &["diskEncryptionSetID"]),
    ("kubernetes.io/azure-disk", &["diskEncryptionSetID"]),
];

fn check(class: &Resource, report: &mut Report) {
    let provisioner = text(class.root().get("provisioner"));
    let Some((_, parameters)) = DRIVERS.iter().find(|(driver, _)| *driver == provisioner) else { return };
    let set = class.root().get("parameters");
    let asks = |name: &&str| {
        let value = set.and_then(|s| s.get(name));
        value.is_some_and(|v| !v.text().is_empty() && v.text() != "false")
    };
    if !parameters.iter().any(asks) {
        report.on(&class, format!("StorageClass `{}` does not ask for encryption", class.name()));
    }
}
