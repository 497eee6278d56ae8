use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// A surface for administrators can be reached from outside.
    ///
    /// Dashboards, workflow engines and notebooks run what they are told; a Service of type NodePort or LoadBalancer, or an
    /// Ingress, offers them to everybody.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: ci
    /// spec:
    ///   type: LoadBalancer #! Service `ci` offers Jenkins to the outside
    ///   selector: {app: ci}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: ci
    ///   labels: {app: ci}
    /// spec:
    ///   containers:
    ///     - name: ci
    ///       image: jenkins/jenkins:2.500
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: ci
    /// spec:
    ///   selector: {app: ci}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: ci
    ///   labels: {app: ci}
    /// spec:
    ///   containers:
    ///     - name: ci
    ///       image: jenkins/jenkins:2.500
    /// ```
    "exposed-sensitive-service": High, Recommended, since "0.1.0";
    refs: ["kubescape: C-0021", "kube-score: service-type"];
    over: ["service-load-balancer", "service-node-port"];
    help: "keep the Service inside of the cluster and reach it with `kubectl port-forward`";
    check: Bundle(check);
}

/// A part of an image's path, and what it is.
const SURFACES: [(&str, &str); 15] = [
    ("argocli", "Argo Workflows"),
    ("argoproj/argo", "Argo"),
    ("jenkins", "Jenkins"),
    ("kubernetesui/dashboard", "the Kubernetes dashboard"),
    ("kubernetes-dashboard", "the Kubernetes dashboard"),
    ("weaveworks/scope", "Weave Scope"),
    ("kubeflow", "Kubeflow"),
    ("centraldashboard", "Kubeflow"),
    ("jupyter", "Jupyter"),
    ("apache/airflow", "Airflow"),
    ("phpmyadmin", "phpMyAdmin"),
    ("pgadmin", "pgAdmin"),
    ("mongo-express", "Mongo Express"),
    ("portainer", "Portainer"),
    ("apache/nifi", "NiFi"),
];

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        for pod in &object.pods {
            let images = pod.containers.iter().filter_map(|c| Image::parse(c.image?.text()));
            let mut surfaces = images.filter_map(|i| SURFACES.iter().find(|(part, _)| i.path.contains(part)));
            let Some((_, what)) = surfaces.next() else { continue };
            for service in graph.services_of(object, pod) {
                let name = service.resource.name();
                let kind = service.resource.in_spec("type");
                if let Some(kind) = kind.filter(|k| matches!(k.text(), "NodePort" | "LoadBalancer")) {
                    let message = format!("Service `{name}` offers {what} to the outside");
                    report
                        .at(&service.resource, kind, message)
                        .related_object(object.resource, "the workload");
                }
                for (ingress, backend) in super::ingresses_to(graph, service) {
                    let message = format!("Ingress `{}` offers {what} to the outside", ingress.name());
                    report.at(&ingress, backend, message).related_object(object.resource, "the workload");
                }
            }
        }
    }
}
