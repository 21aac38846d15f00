//! The clock of times of the legacy type INT96.

/// The clock of times of the legacy type INT96, which names no zone: its writers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Int96Clock {
    /// Spark, Hive and others write UTC.
    Utc,
    /// Impala writes the wall clock.
    Wall,
}

impl Int96Clock {
    /// That of the program that a file names as its writer.
    pub fn of_writer(created_by: Option<&str>) -> Self {
        let name = created_by.unwrap_or_default().trim_start().to_ascii_lowercase();
        if name.starts_with("impala") { Self::Wall } else { Self::Utc }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_impala_writes_the_wall_clock() {
        for (writer, clock) in [
            (Some("impala version 2.8.0-cdh5.11.1 (build 3382c1c4)"), Int96Clock::Wall),
            (Some("IMPALA version 4.0.0"), Int96Clock::Wall),
            (Some("parquet-mr version 1.10.1 (build a89df8f9)"), Int96Clock::Utc),
            (Some("parquet-cpp-arrow version 12.0.0"), Int96Clock::Utc),
            (None, Int96Clock::Utc),
        ] {
            assert_eq!(Int96Clock::of_writer(writer), clock, "{writer:?}");
        }
    }
}
