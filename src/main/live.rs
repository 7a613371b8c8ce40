//! The line on a terminal that says what is under way; it is gone when the report comes.

use acr_preflight::checks::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::select;
use tokio::time::{Instant, interval_at};

/// Who waits no longer than this needs no line; a line that flickers tells nothing.
const PATIENCE: Duration = Duration::from_millis(250);

/// Between two pictures of the line.
const TICK: Duration = Duration::from_millis(100);

/// The line.
pub(crate) struct Live {
    bar: ProgressBar,
    words: RefCell<String>,
}

impl Live {
    /// A line on standard error, or none; `utf8` says whether the terminal shows letters beyond ASCII.
    pub(crate) fn new(is_wanted: bool, utf8: bool) -> Self {
        let target = if is_wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let turns = if utf8 { "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ " } else { "|/-\\ " };
        let style = ProgressStyle::default_spinner().tick_chars(turns);
        let style = style.template("{spinner} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        Self { bar: ProgressBar::with_draw_target(None, target).with_style(style), words: RefCell::default() }
    }

    /// Takes what the line shall say from now on; the next picture shows it.
    pub(crate) fn say(&self, progress: &Progress) {
        let Progress { under_way, done, all } = progress;
        let whether = if under_way.is_empty() { "" } else { ": whether " };
        *self.words.borrow_mut() = format!("checking, {done} of {all} done{whether}{}", under_way.join(", "));
    }

    /// Shows the line while something lasts, and clears it.
    pub(crate) async fn during<T>(&self, lasting: impl Future<Output = T>) -> T {
        let mut lasting = pin!(lasting);
        let mut pictures = interval_at(Instant::now() + PATIENCE, TICK);
        loop {
            select! {
                result = &mut lasting => {
                    self.bar.finish_and_clear();
                    return result;
                }
                _ = pictures.tick(), if !self.bar.is_hidden() => {
                    if self.bar.message() != *self.words.borrow() {
                        self.bar.set_message(self.words.borrow().clone());
                    }
                    self.bar.tick();
                }
            }
        }
    }
}
