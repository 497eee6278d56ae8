use super::super::prelude::*;

rule! {
    /// A PersistentVolumeClaim that a workload mounts is not there.
    ///
    /// The Pod stays `Pending` until somebody makes the claim. Unless the world is closed or other claims stand in the
    /// namespace, it is a note.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: data
    ///     persistentVolumeClaim:
    ///       claimName: data #! there is no PersistentVolumeClaim `data` in namespace `shop`
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: data
    ///     emptyDir: {}
    /// ```
    "pvc-missing": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "add the claim, or mend the name";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::missing::objects(graph, report, Known::PersistentVolumeClaim, |_| true);
}
