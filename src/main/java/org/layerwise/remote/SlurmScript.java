package org.layerwise.remote;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.remote.slurm.SlurmQueue;
import org.layerwise.remote.slurm.SlurmRequest;

/**
 * Script with which Slurm starts a job: one task per node, which starts torchrun. torchrun starts a worker per GPU (or
 * one without GPUs) and finds the other nodes by the first node's address. Some minutes before the time limit, Slurm
 * sends SIGTERM, and the job saves its state. A lost worker ends an attempt; the next attempt continues from the last
 * checkpoint, as long as there is a newer one.
 */
final class SlurmScript {

    private static final String BODY =
            """
            # To be handed in from this folder: sbatch job.sbatch. Handed in once more, it goes on from its last checkpoint.
            cd "$SLURM_SUBMIT_DIR" || exit 1
            %s
            export PYTHONPATH=$PWD/program${PYTHONPATH:+:$PYTHONPATH} PYTHONUNBUFFERED=1
            # as many threads as the queue gives to a worker
            export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(( (${SLURM_CPUS_ON_NODE:-1} + %s - 1) / %s ))}
            [ -z "${SLURM_CPUS_PER_TASK:-}" ] || export SRUN_CPUS_PER_TASK=$SLURM_CPUS_PER_TASK # srun asks for one otherwise
            rm -f exit
            %s\
            checkpoint() { stat -c %%Y run/cluster-checkpoint/state.pt 2>/dev/null; }
            for attempt in 1 2 3 4 5; do
                before=$(checkpoint)
                srun --kill-on-bad-exit=1 %s -m torch.distributed.run --nproc-per-node=%s \\
                    %s \\
                    -m layerwise_job.train . run
                code=$?
                if [ "$code" -eq 0 ] || [ "$(checkpoint)" = "$before" ]; then
                    break
                fi
                echo "Attempt $attempt has ended with $code; the next goes on from its last checkpoint."
            done
            echo "$code" >exit.part && mv exit.part exit
            exit "$code"
            """;

    /** Options for one node, whose workers meet at a free port. */
    private static final String ALONE = "--standalone";

    /**
     * Options for several nodes, whose workers meet at a port that no other job has, between Ray's ports and those that
     * systems assign.
     */
    private static final String TOGETHER =
            """
            --nnodes=%s --rdzv-backend=c10d --rdzv-id="$SLURM_JOB_ID-$attempt" --rdzv-endpoint="$head:$port"\
            """;

    private static final String MEETING =
            """
            head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
            port=$(( 20000 + SLURM_JOB_ID % 10000 ))
            """;

    private SlurmScript() {}

    static String of(SlurmRequest request, String python) {
        List<String> head = new ArrayList<>(List.of(
                "#!/bin/bash",
                "#SBATCH --job-name=" + SlurmQueue.JOB_NAME,
                "#SBATCH --nodes=" + request.nodes(),
                "#SBATCH --ntasks-per-node=1"));
        if (request.gpus() > 0) {
            head.add("#SBATCH --gpus-per-node=" + request.gpus());
        }
        request.partition().ifPresent(word -> head.add("#SBATCH --partition=" + word));
        request.account().ifPresent(word -> head.add("#SBATCH --account=" + word));
        request.time().ifPresent(word -> head.add("#SBATCH --time=" + word));
        head.add("#SBATCH --signal=TERM@" + request.warningSeconds());
        head.add("#SBATCH --output=job.log");
        head.add("#SBATCH --open-mode=append");
        head.addAll(request.asked());
        int workers = Math.max(1, request.gpus());
        String setup = request.lines().isEmpty() ? "# nothing to load before" : String.join("\n", request.lines());
        boolean alone = request.nodes() == 1;
        return String.join("\n", head)
                + "\n"
                + BODY.formatted(
                        setup,
                        workers,
                        workers,
                        alone ? "" : MEETING,
                        python,
                        workers,
                        alone ? ALONE : TOGETHER.formatted(request.nodes()));
    }
}
