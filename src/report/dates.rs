//! Dates and durations in the words of people.

use std::time::Duration;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// A date and its distance: `2027-01-31, in 70 days`; the hour too where it is less than two days away.
pub(crate) fn date_and_distance(end: OffsetDateTime, now: OffsetDateTime) -> String {
    let near = (end - now).abs() < time::Duration::days(2);
    let shown = if near { moment(end) } else { date(end) };
    format!("{shown}, {}", distance(end, now))
}

/// `2027-01-31`, in UTC.
pub(crate) fn date(moment: OffsetDateTime) -> String {
    let date = moment.to_offset(UtcOffset::UTC).date();
    date.format(format_description!("[year]-[month]-[day]")).unwrap_or_default()
}

/// `2027-01-31 09:30 UTC`.
fn moment(moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(UtcOffset::UTC);
    moment.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default()
}

/// RFC 3339 in UTC, to the millisecond where there is one.
pub(crate) fn rfc3339(moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(UtcOffset::UTC);
    let moment = moment.replace_millisecond(moment.millisecond()).unwrap_or(moment);
    moment.format(&Rfc3339).unwrap_or_default()
}

/// `in 9 days`, `9 days ago`, `in 40 minutes`.
pub(crate) fn distance(end: OffsetDateTime, now: OffsetDateTime) -> String {
    let between = end - now;
    let (number, unit) = match between.abs() {
        span if span >= time::Duration::days(2) => (span.whole_days(), "day"),
        span if span >= time::Duration::hours(2) => (span.whole_hours(), "hour"),
        span if span >= time::Duration::minutes(1) => (span.whole_minutes(), "minute"),
        _ => return if between.is_negative() { "just now".into() } else { "in less than a minute".into() },
    };
    let words = counted(number.unsigned_abs() as usize, unit);
    if between.is_negative() { format!("{words} ago") } else { format!("in {words}") }
}

/// A fact's value with its distance added where it is a date or a moment; otherwise as it is.
pub(crate) fn with_distance(value: &str, now: OffsetDateTime) -> String {
    if let Ok(moment) = OffsetDateTime::parse(value, &Rfc3339) {
        return date_and_distance(moment, now);
    }
    match Date::parse(value, &Iso8601::DATE) {
        Ok(day) if value.len() == 10 => format!("{value}, {}", distance(day.midnight().assume_utc(), now)),
        _ => value.to_owned(),
    }
}

/// `1 day`, `2 days`.
pub(crate) fn counted(number: usize, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// `312 ms`, `1.2 s`.
pub(crate) fn duration(duration: Duration) -> String {
    match duration.as_millis() {
        millis @ 0..1000 => format!("{millis} ms"),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::{date_and_distance, distance, rfc3339, with_distance};
    use time::macros::datetime;

    #[test]
    fn distances_are_said_in_days_hours_and_minutes() {
        let now = datetime!(2026-11-22 12:00 UTC);
        assert_eq!(distance(datetime!(2026-12-01 12:00 UTC), now), "in 9 days");
        assert_eq!(distance(datetime!(2026-11-13 11:00 UTC), now), "9 days ago");
        assert_eq!(distance(datetime!(2026-11-23 15:00 UTC), now), "in 27 hours");
        assert_eq!(distance(datetime!(2026-11-22 12:40 UTC), now), "in 40 minutes");
        assert_eq!(distance(datetime!(2026-11-22 11:59 UTC), now), "1 minute ago");
        assert_eq!(distance(now, now), "in less than a minute");
    }

    #[test]
    fn a_near_end_is_shown_with_its_hour_in_utc() {
        let now = datetime!(2026-11-22 12:00 UTC);
        assert_eq!(date_and_distance(datetime!(2026-11-22 16:30 +1), now), "2026-11-22 15:30 UTC, in 3 hours");
        assert_eq!(date_and_distance(datetime!(2027-01-31 00:00 UTC), now), "2027-01-31, in 69 days");
    }

    #[test]
    fn only_a_whole_date_gets_a_distance() {
        let now = datetime!(2026-11-22 12:00 UTC);
        assert_eq!(with_distance("2026-07-31T00:00:00Z", now), "2026-07-31, 114 days ago");
        assert_eq!(with_distance("2026-07-31", now), "2026-07-31, 114 days ago");
        assert_eq!(with_distance("20260731", now), "20260731");
        assert_eq!(with_distance("ci-2026-07-31", now), "ci-2026-07-31");
    }

    #[test]
    fn machines_get_utc_and_milliseconds() {
        assert_eq!(rfc3339(datetime!(2026-11-22 12:00:00.123456789 +2)), "2026-11-22T10:00:00.123Z");
        assert_eq!(rfc3339(datetime!(2026-11-22 12:00 UTC)), "2026-11-22T12:00:00Z");
    }
}
