package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.study.TinyStudy;

class ExportJobTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path data;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
        data = TinyStudy.classes(folder);
    }

    private int export(String... more) {
        String[] flags = {
            "export-job", "--model=" + TinyStudy.MODEL, "--data=" + data, "--steps=2", "--out=" + folder.resolve("job")
        };
        String[] all = new String[flags.length + more.length];
        System.arraycopy(flags, 0, all, 0, flags.length);
        System.arraycopy(more, 0, all, flags.length, more.length);
        return cli.run(all);
    }

    @Test
    void theFolderHasAllThatRunsElsewhere() throws Exception {
        assertThat(export()).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .isEqualTo("Wrote %s; README.md in it says how to start it.%n".formatted(folder.resolve("job")));
        for (String file : new String[] {
            "README.md",
            "config.yaml",
            "plan.json",
            "rows.safetensors",
            "adapter-initial/adapter_config.json",
            "program/check.py",
            "program/layerwise_job/needed.json",
            "program/layerwise_job/train.py",
            "program/layerwise_job/ray_train.py",
            "job.sbatch"
        }) {
            assertThat(folder.resolve("job").resolve(file)).isNotEmptyFile();
        }
        assertThat(cli.run("train", "--config=" + folder.resolve("job/config.yaml"), "--out=" + folder.resolve("run")))
                .as("the same here")
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void theScriptIsForTheQueueThatIsNamed() throws Exception {
        cli.run("remote", "add", "queue", "--slurm", "--ssh=login", "--storage=/s", "--partition=gpu", "--gpus=4");
        cli.run("remote", "add", "lab", "--ray=head:8265", "--ssh=login", "--storage=/s");

        assertThat(export("--for=queue")).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(folder.resolve("job/job.sbatch"))).contains("--partition=gpu", "--gpus-per-node=4");

        assertThat(export("--for=lab")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("lab is a Ray cluster");
        assertThat(export("--for=nowhere")).isEqualTo(ExitCode.BAD_INPUT);
    }

    @Test
    void badSettingsAreRefusedBeforeAnythingIsWritten() {
        assertThat(export("--layers=99")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("99");
        assertThat(folder.resolve("job")).doesNotExist();
    }
}
