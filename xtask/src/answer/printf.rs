//! printf: a template, or a bare `fmt.Sprintf` of one argument.

use gotmpl::{Text, fmt};

use super::template;
use super::typed::Typed;
use super::{Answer, Question};

/// Answers a question of the suite.
pub fn answer(question: &Question) -> Answer {
    if question.get("profile").and_then(|p| p.as_str()) != Some("go-fmt") {
        return template::answer(question);
    }
    let format = question.get("format").and_then(|f| f.as_str()).ok_or("no format")?;
    let arg = question.get("arg").map_or(Typed::Null, Typed::of);
    let text = fmt::sprintf(&Text::from(format), &[template::value(&arg)]);
    Ok(template::output(&text))
}
