//! A moment in words.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment as findings write it.
pub(super) fn written(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
}
