"""Loads the DAG in a real Airflow and has it carried out by the real program; the last line says what was seen."""

import os
import subprocess
import sys
from pathlib import Path

dags, home, gridspark = (Path(argument) for argument in sys.argv[1:])
subprocess.run([Path(sys.executable).with_name("airflow"), "db", "migrate"], check=True, capture_output=True)

import airflow  # noqa: E402  (the database has to be there first)
from airflow.dag_processing.dagbag import DagBag  # noqa: E402

bag = DagBag(dags)
assert not bag.import_errors, bag.import_errors
dag = bag.dags["gridspark"]
order = [task.task_id for task in dag.topological_sort()]
# A task before these that only proves would stop the run with nobody told.
assert order == ["update_extremes", "make_forecasts"], order
assert dag.max_active_runs == 1 and not dag.catchup, "two runs could be under way at once"
assert str(dag.timezone) == "Europe/Amsterdam", dag.timezone

# What the workers of Airflow have: the program on their path, and its configuration. A worker of ours fits what is planned.
(home / "bin").mkdir()
(home / "bin" / "gridspark").symlink_to(gridspark)
os.environ["PATH"] = f"{home / 'bin'}:{os.environ['PATH']}"
os.environ["GRIDSPARK_CONFIG"] = str(home / "gridspark.toml")
os.environ["GRIDSPARK_DATABASE"] = f"sqlite://{home / 'gridspark.db'}"
(home / "gridspark.toml").write_text(
    f'[source]\nkind = "files"\n[source.files]\nmeasurements = ["{home}/network"]\nboxes = "{home}/network/boxes.csv"\n'
)
simulate = ["simulate", "--boxes", "3", "--years", "1", "--phase", "sumli", "--seed", "5", "--growth", "exponential"]
subprocess.run([gridspark, *simulate, "--out", home / "network"], check=True, capture_output=True)
# A row that cannot be used: update-extremes ends with 3, the task is shown as skipped, and the run goes on.
header = "BOXID,CHANNELID,WAARDE,DATUMTIJD\n"
channel = "register://electricity/0/activepower/sumli?avg=15"
(home / "network" / "refused.csv").write_text(f"{header}A,{channel},NaN,2026-01-05T00:00:00Z\n")
worker = subprocess.Popen([gridspark, "worker"], stderr=subprocess.DEVNULL)
try:
    run = dag.test()
finally:
    worker.kill()
    worker.wait()
states = {instance.task_id: str(instance.state) for instance in run.get_task_instances()}
assert str(run.state) == "success", (run.state, states)
assert states == {"update_extremes": "skipped", "make_forecasts": "success"}, states
again = subprocess.run([gridspark, "make-forecasts", "--json"], check=True, capture_output=True, text=True)
assert again.stdout.strip() == "null", f"the run left something to do: {again.stdout}"
print(f"Airflow {airflow.__version__} loads the DAG and carries it out: {states}")
