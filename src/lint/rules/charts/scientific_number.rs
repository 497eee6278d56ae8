use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::prelude::*;

rule! {
    /// A large number came out as `1e+06`.
    ///
    /// Helm reads every number of a values file as a float, and prints floats from a million on in this form. Programs that
    /// expect 1000000 in a flag, a list of ports or an annotation do not understand it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   limit: "1e+06" #! `1e+06` was the number 1000000
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   limit: "1000000"
    /// ```
    "scientific-number": Medium, Recommended, since "0.1.0";
    refs: ["helm/helm#1707"];
    help: "put the value in quotes in the values file, or print it by `{{ int64 .Values.x }}`";
    check: Any(check);
}

static EXPONENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("e+"));

fn check(resource: &Resource, report: &mut Report) {
    // Hardly any object has such a number, and all of its values need not be visited to know that.
    let (start, end) = resource.root().span().unwrap_or_else(|| resource.doc().span());
    let text = resource.doc().text().as_bytes().get(start as usize..end as usize).unwrap_or(&[]);
    if EXPONENT.find(text).is_none() {
        return;
    }
    let mut open = vec![resource.root()];
    while let Some(node) = open.pop() {
        // What an alias stands for is told where it is written.
        if node.is_alias() {
            continue;
        }
        match node.kind() {
            yaml::Kind::Map => open.extend(node.entries().map(|(_, value)| value)),
            yaml::Kind::Seq => open.extend(node.items()),
            yaml::Kind::Scalar => {
                if let Some(whole) = written_out(node.text()) {
                    let message = format!("`{}` was the number {whole}", node.text());
                    report.at(&resource, node, message);
                }
            }
        }
    }
}

/// The whole number that Go prints in that form: `1e+06`, `1.2345678e+07`.
fn written_out(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once("e+")?;
    let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let places: usize = exponent.parse().ok()?;
    let is_go = whole.len() == 1 && is_digits(whole) && is_digits(fraction) && exponent.len() >= 2;
    let is_whole = fraction.len() <= places && places < 19;
    if !is_go || !is_whole || (fraction.is_empty() && digits.contains('.')) {
        return None;
    }
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    Some(format!("{sign}{whole}{fraction}{}", "0".repeat(places - fraction.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_go_prints_for_whole_numbers() {
        assert_eq!(written_out("1e+06").as_deref(), Some("1000000"));
        assert_eq!(written_out("-1.2345678e+07").as_deref(), Some("-12345678"));
        for text in ["1e6", "12e+06", "1.5e+00x", "e+06", "1e+6", "1.23456789e+07", "1e+40"] {
            assert_eq!(written_out(text), None, "{text}");
        }
    }
}
