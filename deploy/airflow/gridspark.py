"""Gridspark's weekly run for Apache Airflow: what is new in the source, then the forecasts.

The commands run where Airflow's workers run: `gridspark` is on their path, and the connection or the environment of the
workers holds GRIDSPARK_CONFIG. Exit code 3 stands for: done, but some boxes or rows were refused, each named in the log;
the task is then shown as skipped, for somebody to look at, and the next one goes on. No `gridspark check` goes before them:
the commands prove the same themselves, and tell people and record what stops them.
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

REFUSALS = 3
# What the record of a run names as its starter.
STARTED_BY = {"GRIDSPARK_STARTED_BY": "airflow {{ dag.dag_id }} {{ run_id }}"}

with DAG(
    dag_id="gridspark",
    description="Which distribution transformers will be overloaded in half a year",
    schedule="0 6 * * MON",
    start_date=pendulum.datetime(2026, 1, 5, tz="Europe/Amsterdam"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=6),
        "skip_on_exit_code": REFUSALS,
    },
    tags=["gridspark"],
    doc_md=__doc__,
) as dag:
    update_extremes = BashOperator(
        task_id="update_extremes",
        bash_command="gridspark --log json update-extremes",
        env=STARTED_BY,
        append_env=True,
    )
    make_forecasts = BashOperator(
        task_id="make_forecasts",
        bash_command="gridspark --log json make-forecasts --leave-to-workers",
        trigger_rule="none_failed",
        env=STARTED_BY,
        append_env=True,
    )
    update_extremes >> make_forecasts
