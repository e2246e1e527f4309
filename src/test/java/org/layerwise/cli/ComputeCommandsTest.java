package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;

/** {@code doctor} and {@code gpu}. */
class ComputeCommandsTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    @Test
    void doctorTellsEveryPartInText() {
        assertThat(cli.run("doctor")).isEqualTo(ExitCode.OK);

        assertThat(cli.out().lines())
                .contains("Program", "Files", "Models", "Window", "GPU", "Engine")
                .anyMatch(line -> line.matches("  ok     Java +\\d+.*"))
                .anyMatch(line -> line.matches("  ok     libtorch +2\\.7\\.1 .*"))
                .anyMatch(line -> line.matches("  ok     Threads +\\d+, on \\d+ cores"))
                .anyMatch(line -> line.matches("  note   Network .*"))
                .allMatch(line -> line.matches("[A-Z].*|  (ok|note|wrong) .*| {28}\\S.*"));
        assertThat(cli.errLines()).isEmpty();
    }

    @Test
    void doctorTellsTheSameAsJson() throws IOException {
        assertThat(cli.run("doctor", "--json")).isEqualTo(ExitCode.OK);

        JsonNode tree = Json.parse(cli.out());
        assertThat(tree.get("usable").asBoolean()).isTrue();
        assertThat(tree.get("sections")).hasSize(6);
        assertThat(tree.findValuesAsText("state")).contains("ok", "note").isSubsetOf("ok", "note", "wrong");
        assertThat(tree.findValuesAsText("name")).contains("Fonts", "GTK", "Disk space", "libcuda.so.1", "Device cpu");
    }

    @Test
    void doctorReturnsAnErrorWhereLayerwiseCannotBeUsed() throws IOException {
        Files.writeString(folder.resolve("state"), "a file where a folder should be");

        assertThat(cli.run("doctor")).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.out()).contains("wrong  Logs", "XDG_STATE_HOME", "Engine");
        assertThat(cli.errLines()).singleElement().asString().contains("Something is wrong with the files");
    }

    @Test
    void gpuAloneTellsWhatThereIs() {
        assertThat(cli.run("gpu")).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("NVIDIA driver: ", "Libraries: those for the CPU", "Threads: libtorch's own choice");
    }

    @Test
    void whatCannotBeUsedIsRefusedAndChangesNothing() throws IOException {
        Path torch = Files.createDirectories(folder.resolve("env/torch"));
        Files.writeString(torch.resolve("version.py"), "__version__ = '2.4.0+cu121'\ncuda = '12.1'\n");

        assertThat(cli.run("gpu", "--use", folder.resolve("env").toString(), "--threads", "2"))
                .isEqualTo(ExitCode.BAD_INPUT);

        assertThat(last()).startsWith("layerwise: ").contains("holds torch 2.4.0+cu121, but Layerwise needs 2.7.1");
        assertThat(folder.resolve("config/compute.json")).doesNotExist();
        assertThat(cli.run("gpu", "--check", folder.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(last()).contains("There is no torch in " + folder);
    }

    @Test
    void nothingIsFetchedOffline() {
        assertThat(cli.run("gpu", "--download")).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(last()).contains("HF_HUB_OFFLINE is set");
    }

    @Test
    void threadsAreKept() throws IOException {
        assertThat(cli.run("gpu", "--threads", "3")).isEqualTo(ExitCode.OK);
        assertThat(Json.read(folder.resolve("config/compute.json"))
                        .get("threads")
                        .asInt())
                .isEqualTo(3);
        assertThat(cli.run("gpu")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("Threads: 3");
        assertThat(cli.run("gpu", "--threads", "auto")).isEqualTo(ExitCode.OK);
        assertThat(Json.read(folder.resolve("config/compute.json")).has("threads"))
                .isFalse();
        for (String bad : List.of("0", "-1", "many", "2000")) {
            assertThat(cli.run("gpu", "--threads=" + bad)).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(last()).contains("--threads must be auto or a number from 1 to 1024");
        }
    }

    @Test
    void settingsThatCannotBeWrittenAreToldBeforeAnyTrial() throws IOException {
        Path file = Files.writeString(folder.resolve("config"), "in the way");

        for (String flag : List.of("--threads=2", "--use=" + folder, "--reset")) {
            assertThat(cli.run("gpu", flag)).as(flag).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(cli.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("layerwise: Cannot write the settings folder %s; set ".formatted(file));
        }
    }

    @Test
    void brokenSettingsAreMendedAsTheSentenceSays() throws IOException {
        Files.createDirectories(folder.resolve("config"));
        for (String broken : List.of("no json", "[]", "{\"gpu\": {}}")) {
            Files.writeString(folder.resolve("config/compute.json"), broken);

            assertThat(cli.run("gpu")).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(last()).contains("compute.json", "layerwise gpu --reset writes it anew.");

            assertThat(cli.run("gpu", "--reset")).isEqualTo(ExitCode.OK);
            assertThat(cli.run("gpu")).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void theProcessorCanBeChosenWhereNothingWas() {
        assertThat(cli.run("gpu", "--reset")).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains("The CPU is used from now on.");
    }

    @Test
    void flagsThatContradictAreRefused() {
        assertThat(cli.run("gpu", "--use", "a", "--reset")).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(last()).contains("--use and --reset exclude each other");
    }

    @Test
    void offlineIsReadFromTheEnvironment() {
        CommandLineFixture online = new CommandLineFixture(
                folder, Map.of("HF_HUB_CACHE", folder.resolve("hub").toString()));

        assertThat(online.run("doctor")).isEqualTo(ExitCode.OK);
        assertThat(online.out().lines()).anyMatch(line -> line.matches("  ok     Network .*"));
    }

    private String last() {
        List<String> lines = cli.errLines();
        return lines.get(lines.size() - 1);
    }
}
