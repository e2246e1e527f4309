package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

@Timeout(60)
class PlanCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    private static String config() {
        return Golden.folder("llama")
                .resolve("../../llama-7b-shaped.json")
                .normalize()
                .toString();
    }

    @Test
    void aPlanIsATableForAllLayersAndForSome() {
        assertThat(cli.run(
                        "plan", "--model", config(), "--layers", "24-31", "--gpus", "1,4", "--gradient-checkpointing"))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out())
                .contains("32 layers, 6,738,415,616 parameters")
                .contains("64 rows of 512 tokens a step, with gradient checkpointing")
                .contains("32 of 32 layers")
                .contains("8 of 32 layers")
                .contains("512 rows")
                .doesNotContain("too much");
    }

    /** Its own weights take a quarter of what the plan says. */
    @Test
    void theWeightsOfAQuantisedModelCountIn16Bits() {
        String model = Golden.folder("quantised/bnb_nf4").resolve("config.json").toString();

        assertThat(cli.run("plan", "--model", model)).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("198 KiB in bfloat16, which jobs on clusters need; its own files are quantised.");
    }

    @Test
    void aQueueAddsAsManyCardsAsItsJobsHave() {
        cli.run("remote", "add", "queue", "--slurm", "--ssh=ada@login", "--storage=/scratch", "--nodes=3", "--gpus=4");
        assertThat(cli.run("plan", "--model", config(), "--gpus", "1", "--on", "queue"))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out().lines().filter(line -> line.matches("\\s+12\\s.*")))
                .hasSize(3);
        assertThat(cli.errLines()).anyMatch(line -> line.contains("queue: 12 GPUs"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            --gpu tpu        | There is no card "tpu" here
            --gpus 0         | --gpus
            --reached 2      | --reached
            --link 0         | --link is 0.0
            --layers 40      | 40
            --on nowhere     | There is no target nowhere
            """)
    void whatMakesNoSenseIsRefused(String flags, String words) {
        String[] two = flags.split(" ");
        assertThat(cli.run("plan", "--model", config(), two[0], two[1])).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).singleElement().asString().contains(words);
    }

    @Test
    void aModelWithoutAConfigurationIsNamed() {
        assertThat(cli.run("plan", "--model", folder.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .contains("There is no file " + folder.resolve("config.json"));
    }
}
