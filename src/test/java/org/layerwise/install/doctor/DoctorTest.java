package org.layerwise.install.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CheckResult;
import org.layerwise.install.AppFolders;

class DoctorTest {

    @TempDir
    Path folder;

    @Test
    void aSoundInstallationIsUsable() {
        List<Section> heard = new ArrayList<>();

        List<Section> sections = doctor(folders(), Map.of("DISPLAY", ":5")).examine(heard::add);

        assertThat(heard).isEqualTo(sections);
        assertThat(sections).allMatch(Section::usable);
        assertThat(sections)
                .extracting(Section::name)
                .containsExactly("Program", "Files", "Models", "Window", "GPU", "Engine");
        assertThat(finding(sections, "libtorch").text()).contains("2.7.1");
        assertThat(finding(sections, "Device cpu").state()).isEqualTo(CheckResult.State.OK);
        assertThat(finding(sections, "Display").text()).isEqualTo(":5");
        assertThat(finding(sections, "JavaFX").text()).startsWith("21.");
        assertThat(finding(sections, "Layerwise").text()).isEqualTo("1.2.3");
        // looking leaves nothing behind
        assertThat(folder.resolve("data")).doesNotExist();
        assertThat(folder.resolve("config")).doesNotExist();
    }

    @Test
    void whatIsWrongHasAHint() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        AppFolders broken = new AppFolders(
                file.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache"));

        List<Section> sections = doctor(broken, Map.of()).examine(section -> {});

        CheckResult data = finding(sections, "Data");
        assertThat(data.state()).isEqualTo(CheckResult.State.WRONG);
        assertThat(data.hint()).contains("XDG_DATA_HOME");
        assertThat(sections.get(1).usable()).isFalse();
        assertThat(finding(sections, "Display").state()).isEqualTo(CheckResult.State.NOTE);
        // and all else was looked at
        assertThat(finding(sections, "libtorch").text()).contains("2.7.1");
    }

    @Test
    void brokenSettingsAndVariablesAreToldOnTheirLines() throws IOException {
        Files.createDirectories(folder.resolve("config"));
        Files.writeString(folder.resolve("config/compute.json"), "no json");

        List<Section> sections = doctor(folders(), Map.of("HF_ENDPOINT", "nowhere", "HF_HUB_OFFLINE", "1"))
                .examine(section -> {});

        assertThat(finding(sections, "HuggingFace cache").text()).contains("HF_ENDPOINT");
        assertThat(finding(sections, "Network").state()).isEqualTo(CheckResult.State.NOTE);
        assertThat(finding(sections, "GPU libraries").text()).contains("compute.json");
        assertThat(finding(sections, "libtorch").text()).contains("The CPU is used meanwhile.");
    }

    @Test
    void aFolderOfTemporaryFilesThatIsNotThereIsWrong() throws IOException {
        FolderChecks storage = new FolderChecks(folders());
        Path missing = folder.resolve("missing");

        assertThat(storage.temporary(missing).state()).isEqualTo(CheckResult.State.WRONG);
        assertThat(storage.temporary(missing).text()).isEqualTo("there is no folder " + missing);
        assertThat(storage.temporary(folder).text()).contains(folder.toString());
        assertThat(missing).doesNotExist();
    }

    @Test
    void threadsThatSpinAreNoted() {
        CheckResult spinning = new SystemChecks(Map.of("OMP_WAIT_POLICY", "ACTIVE"), Path.of("/")).threads(2);

        assertThat(spinning.state()).isEqualTo(CheckResult.State.NOTE);
        assertThat(spinning.hint()).contains("Unset OMP_WAIT_POLICY");
        assertThat(new SystemChecks(Map.of("OMP_WAIT_POLICY", "passive"), Path.of("/"))
                        .threads(2)
                        .state())
                .isEqualTo(CheckResult.State.OK);
    }

    @Test
    void whateverBreaksIsAFindingOfItsOwn() {
        List<CheckResult> findings = new DoctorReport()
                .at("one", () -> {
                    throw new NoClassDefFoundError("com/sun/jna/Native");
                })
                .at("two", () -> {
                    throw new IOException();
                })
                .at("three", () -> CheckResult.ok("three", "fine"))
                .findings();

        assertThat(findings)
                .extracting(CheckResult::state)
                .containsExactly(CheckResult.State.WRONG, CheckResult.State.WRONG, CheckResult.State.OK);
        assertThat(findings).extracting(CheckResult::text).containsExactly("com/sun/jna/Native", "IOException", "fine");
    }

    private Doctor doctor(AppFolders folders, Map<String, String> environment) {
        return new Doctor(folders, environment, "1.2.3");
    }

    private AppFolders folders() {
        return new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache"));
    }

    private static CheckResult finding(List<Section> sections, String name) {
        return sections.stream()
                .flatMap(section -> section.findings().stream())
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + sections));
    }
}
