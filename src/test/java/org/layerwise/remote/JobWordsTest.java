package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobWordsTest {

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
        assertThat(JobWords.reason(MESSAGE))
                .isEqualTo("OSError: nothing is not a local folder and is not a valid model identifier");
        assertThat(JobWords.reason("slurmstepd: step was cancelled\n\n")).isEqualTo("slurmstepd: step was cancelled");
        assertThat(JobWords.reason("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\nlast"))
                .isEqualTo("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB");
        assertThat(JobWords.reason("loading\nMETRIC {\"step\": 1}\nMETRIC {\"st"))
                .isEqualTo("loading");
        assertThat(JobWords.error("It is so.")).isEmpty();
        assertThat(JobWords.reason("")).isEmpty();
        assertThat(JobWords.reason("x".repeat(1000))).hasSizeLessThan(310);
    }

    @Test
    void coloursOfATerminalAreNotPrinted() {
        assertThat(JobWords.plain("\u001B[36m(a pid=1)\u001B[0m done")).isEqualTo("(a pid=1) done");
    }
}
