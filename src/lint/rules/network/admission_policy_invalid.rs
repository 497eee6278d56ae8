use super::super::prelude::*;

rule! {
    /// A binding puts a policy into force that is not there, or without what it needs.
    ///
    /// A ValidatingAdmissionPolicyBinding (or the mutating one) names its policy; a policy with a `paramKind` needs a
    /// `paramRef` in the binding. Unless the world is closed or other policies are in sight, a missing one is a note.
    ///
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingAdmissionPolicyBinding
    /// metadata:
    ///   name: replicas
    /// spec:
    ///   policyName: replicas #! there is no ValidatingAdmissionPolicy `replicas`
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingAdmissionPolicyBinding
    /// metadata:
    ///   name: replicas
    /// spec:
    ///   policyName: replicas
    /// ---
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingAdmissionPolicy
    /// metadata:
    ///   name: replicas
    /// ```
    "admission-policy-invalid": High, Recommended, since "0.1.0";
    refs: [];
    help: "add the policy, mend its name, or give the binding a `paramRef`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for (binding, policy) in [
        (Known::ValidatingAdmissionPolicyBinding, Known::ValidatingAdmissionPolicy),
        (Known::MutatingAdmissionPolicyBinding, Known::MutatingAdmissionPolicy),
    ] {
        for object in graph.each(binding) {
            let Some(spec) = object.resource.spec() else { continue };
            let Some(name) = spec.get("policyName") else { continue };
            match graph.find(policy, "", name.text()) {
                None if graph.has(policy, "", name.text()) => {}
                None => {
                    let message = format!("there is no {} `{}`", policy.kind(), name.text());
                    report.at(&object.resource, name, message).note_unless(graph.is_closed(policy, ""));
                }
                Some(found) => {
                    let kind = found.resource.in_spec("paramKind.kind");
                    if let Some(kind) = kind.filter(|_| spec.get("paramRef").is_none_or(Node::is_null)) {
                        let message = format!(
                            "policy `{}` needs a {}, and the binding names none",
                            name.text(),
                            kind.text()
                        );
                        report
                            .at(&object.resource, name, message)
                            .related_object(found.resource, "the policy");
                    }
                }
            }
        }
    }
}
