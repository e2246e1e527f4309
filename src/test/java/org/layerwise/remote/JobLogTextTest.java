package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobLogTextTest {

    /** As Ray 2.60 gives it of a job that has failed. */
    private static final String MESSAGE =
            """
            Job entrypoint command failed with exit code 1, last available logs (truncated to 20,000 chars):
            \u001B[36m(RayTrainWorker pid=978)\u001B[0m Traceback (most recent call last):
            \u001B[36m(RayTrainWorker pid=978)\u001B[0m   File "model.py", line 14, in load
            \u001B[36m(RayTrainWorker pid=978, ip=10.0.0.2)\u001B[0m OSError: nothing is not a local folder and is not a valid model identifier
            2026-11-26 13:00:00 INFO tune.py -- cleaning up
            """;

    @Test
    void theReasonOfAFailureIsTheLastErrorThatAProgramTells() {
        assertThat(JobLogText.reason(MESSAGE))
                .isEqualTo("OSError: nothing is not a local folder and is not a valid model identifier");
        assertThat(JobLogText.reason("slurmstepd: step was cancelled\n\n")).isEqualTo("slurmstepd: step was cancelled");
        assertThat(JobLogText.reason("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\nlast"))
                .isEqualTo("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB");
        assertThat(JobLogText.reason("loading\nMETRIC {\"step\": 1}\nMETRIC {\"st"))
                .isEqualTo("loading");
        assertThat(JobLogText.error("It is so.")).isEmpty();
        assertThat(JobLogText.reason("")).isEmpty();
        assertThat(JobLogText.reason("x".repeat(1000))).hasSizeLessThan(310);
    }

    @Test
    void coloursOfATerminalAreNotPrinted() {
        assertThat(JobLogText.plain("\u001B[36m(a pid=1)\u001B[0m done")).isEqualTo("(a pid=1) done");
    }

    @Test
    void whatASchedulerSaysIsShortAndSteersNoTerminal() {
        String words = new JobState(JobState.Phase.RUNNING, "running\u001B[2J (" + "x".repeat(1_000_000) + ")").words();
        assertThat(words).startsWith("running\\u001B[2J (xxx").hasSizeLessThan(700);
        assertThat(new JobState(JobState.Phase.RUNNING, "running").words()).isEqualTo("running");
    }

    @Test
    void ofManyWorkersTheFirstAreNamed() {
        List<JobWorkers.Worker> many = IntStream.range(0, 50_000)
                .mapToObj(rank -> new JobWorkers.Worker("node" + rank, "CPU"))
                .toList();
        assertThat(new JobWorkers(0, many).words())
                .startsWith("50000 workers: node0 (CPU), node1 (CPU)")
                .endsWith("node15 (CPU) and 49984 more");
        assertThat(new JobWorkers(0, many.subList(0, 2)).words()).isEqualTo("2 workers: node0 (CPU), node1 (CPU)");
    }
}
