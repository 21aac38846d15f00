//! The server's parts together: every store test runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod actions;
mod backtests;
mod commands;
mod completeness;
mod connections;
mod extremes;
mod forecasts;
mod growth;
mod handbook;
mod identity;
mod implausible;
mod kills;
mod kubernetes_login;
mod leases;
mod ledger;
mod measured;
mod neighbours;
mod notices;
mod pages;
mod plan;
mod population;
mod ranking;
mod real_readings;
mod reference_forecasts;
mod rights;
mod runs;
mod schedule;
mod secrets;
mod sources;
mod support;
mod telemetry;
mod this_week;
mod tracking;
mod usage;
mod weekly_extremes;
mod what_if;
