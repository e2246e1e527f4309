package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.remote.slurm.SlurmRequest;

/** The script is run by bash, with commands of Slurm that a test plays. */
class SlurmScriptTest {

    private static final SlurmRequest LARGE = new SlurmRequest(
            Optional.of("gpu"),
            Optional.of("lab"),
            Optional.of("2:00:00"),
            2,
            4,
            List.of("export LOADED=yes", "#SBATCH --mem=64G"));

    @TempDir
    Path folder;

    @Test
    void asksForWhatWasAskedFor() {
        assertThat(SlurmScript.of(LARGE, "/opt/python"))
                .startsWith("#!/bin/bash\n#SBATCH --job-name=layerwise\n")
                .contains(
                        "#SBATCH --nodes=2\n",
                        "#SBATCH --ntasks-per-node=1\n",
                        "#SBATCH --gpus-per-node=4\n",
                        "#SBATCH --partition=gpu\n",
                        "#SBATCH --account=lab\n",
                        "#SBATCH --time=2:00:00\n",
                        "#SBATCH --signal=TERM@300\n",
                        "#SBATCH --mem=64G\n",
                        "+ 4 - 1) / 4 ))}\n",
                        "\nexport LOADED=yes\n",
                        "/opt/python -m torch.distributed.run",
                        "--nproc-per-node=4 ",
                        "--nnodes=2 --rdzv-backend=c10d",
                        "$head:$port");
        SlurmRequest small = new SlurmRequest(Optional.empty(), Optional.empty(), Optional.empty(), 1, 0, List.of());
        assertThat(SlurmScript.of(small, "python3"))
                .doesNotContain("--gpus", "--partition", "--account", "--time=")
                .contains("--nproc-per-node=1 ", "--standalone")
                .doesNotContain("--rdzv");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 30",
        "10, 60",
        "30:30, 183",
        "2:00:00, 300",
        "0:10:00, 60",
        "1-0, 300",
        "0-0:20, 120",
        "0-0:00:59, 30"
    })
    void aShortJobIsWarnedLater(String time, int seconds) {
        SlurmRequest request = new SlurmRequest(Optional.empty(), Optional.empty(), Optional.of(time), 1, 0, List.of());
        assertThat(request.warningSeconds()).isEqualTo(seconds);
    }

    /** An attempt that came further is followed by another; one that did not is the last. */
    @ParameterizedTest
    @CsvSource({"0, 0, 1", "3, 1, 4", "9, 1, 5", "0, 1, 1"})
    void goesOnAsLongAsItComesFurther(int goodAttempts, int lastCode, int attempts) throws Exception {
        Path commands = Files.createDirectories(folder.resolve("bin"));
        command(commands.resolve("scontrol"), "echo node1; echo node2");
        command(
                commands.resolve("srun"),
                """
                echo "$@" >>attempts
                n=$(wc -l <attempts)
                if [ "$n" -le %s ]; then
                    mkdir -p run/cluster-checkpoint
                    touch -d "2020-01-0$n" run/cluster-checkpoint/state.pt
                    exit 9
                fi
                exit %s
                """
                        .formatted(goodAttempts, lastCode));
        Path script = Files.writeString(folder.resolve("job.sbatch"), SlurmScript.of(LARGE, "python"));
        Files.writeString(folder.resolve("exit"), "of an earlier time");
        ProcessBuilder bash = new ProcessBuilder("bash", script.toString()).directory(folder.toFile());
        bash.environment().put("PATH", commands + ":" + System.getenv("PATH"));
        bash.environment().put("SLURM_SUBMIT_DIR", folder.toString());
        bash.environment().put("SLURM_JOB_ID", "7");
        bash.environment().put("SLURM_JOB_NODELIST", "node[1-2]");
        bash.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());

        int code = bash.start().waitFor();

        List<String> started = Files.readAllLines(folder.resolve("attempts"));
        assertThat(started).hasSize(attempts).allMatch(line -> line.contains("--rdzv-endpoint=node1:"));
        assertThat(started.stream().distinct()).as("each meets anew").hasSize(attempts);
        assertThat(code).isEqualTo(attempts == 5 ? 9 : lastCode);
        assertThat(folder.resolve("exit")).hasContent(String.valueOf(code));
    }

    private static void command(Path file, String lines) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + lines + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
