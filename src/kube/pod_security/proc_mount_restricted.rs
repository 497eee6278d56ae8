//! `/proc` must stay masked, whatever the Pod's user namespace: the part of `procMount` that baseline gave up in 1.35.

use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control = Control {
    name: "procMount_restricted",
    level: Level::Restricted,
    since: 35,
    overrides: Some("procMount"),
    check,
};

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    super::proc_mount::unmasked(pod, CONTROL.name)
}
