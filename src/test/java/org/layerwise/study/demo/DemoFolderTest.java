package org.layerwise.study.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.study.TinyStudy;

class DemoFolderTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"analysis/analysis.json", "selection.json", "adapter_config.json", "full/a", "selected/a"})
    void filesOfOthersAreNotReplaced(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mine");

        assertThatThrownBy(() -> new Demo(TinyStudy.workbench(folder.resolve("home")), folder, "cpu")
                        .run(Progress.none(), remark -> {}))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("belongs to no demo");

        assertThat(file).hasContent("mine");
        assertThat(folder.resolve("demo.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo.json", "analysis", "selection.json", "adapter_config.json", "full", "selected"})
    void nothingIsWrittenThroughALink(String name, @TempDir Path elsewhere) throws IOException {
        new DemoFolder(folder).begin(false);
        Path mine = Files.writeString(elsewhere.resolve("mine"), "mine");
        Files.deleteIfExists(folder.resolve(name));
        Path link = Files.createSymbolicLink(folder.resolve(name), name.contains(".") ? mine : elsewhere);

        assertThatThrownBy(() -> new DemoFolder(folder).begin(true))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThat(mine).hasContent("mine");
    }

    @Test
    void aDemoReplacesAnEarlierOne() throws IOException {
        new DemoFolder(folder).begin(false);
        Files.writeString(folder.resolve("selection.json"), "{}");

        assertThatCode(() -> new DemoFolder(folder).begin(false)).doesNotThrowAnyException();
    }

    @Test
    void oneOfAnEarlierVersionIsKnownByItsRun() throws IOException {
        Files.createDirectories(folder.resolve("full"));
        Files.writeString(
                folder.resolve("full/run.json"),
                "{\"state\": \"finished\", \"data\": \"sample:definitions\", \"layers\": [0], \"of\": 12}");

        assertThatCode(() -> new DemoFolder(folder).begin(false)).doesNotThrowAnyException();
    }
}
