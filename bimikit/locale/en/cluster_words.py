"""Words of scans on a cluster, in English."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "login": "the address of a cluster’s scheduler has no user name and no password: write it without what stands before the @, such as tcp://192.0.2.1:8786",
    "no-address": "“{place}” is no address of a cluster’s scheduler: write one with its port, such as tcp://192.0.2.1:8786, or local to start workers on this machine",
    "no-certificates": "{place}: Dask has no certificates for this address ({reason}). Name them in its own configuration, under distributed.comm.tls",
    "unreachable": "{place}: the cluster’s scheduler can’t be reached ({reason}). Check its address and port, that it runs, and that this machine may connect to it",
    "no-scheduler": "{place}: what answers there is no scheduler of a Dask cluster. Check its address and port",
    "not-started": 'the processes for the scan can’t be started on this machine ({reason}). Check that there is memory and room for temporary files; a script has to begin the scan below if __name__ == "__main__":',
    "no-bimikit": "{place}: these workers of the cluster have no bimikit: {workers}. Install bimikit {version} where they run, then start them anew",
    "other-version": "{place}: these workers of the cluster have another version of bimikit ({other}; here it is {version}): {workers}. Install the same version everywhere, then start them anew",
    "no-workers": "{place}: the cluster has had no worker for {seconds} seconds. Start workers, then go on with the scan; what was told so far is done",
    "gone": "{place}: the cluster’s scheduler hasn’t answered for {seconds} seconds. Check that it runs, then go on with the scan; what was told so far is done",
    "failing": "{place}: a part of the scan has failed again and again ({reason}). Look into the workers’ own logs for why; what was told so far is done",
    "losing": "{place}: a part of the scan has lost its worker {count} times. Look into the workers’ own logs for why, such as a lack of memory; what was told so far is done",
}
