package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;

class OutputTest {

    @TempDir
    Path folder;

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "x");
    }

    @Test
    void theSameFileIsFoundHoweverItIsNamed() throws IOException {
        Path data = file("rows/data.tsv");
        Path link = Files.createSymbolicLink(folder.resolve("link.tsv"), data);
        Path throughFolder = Files.createSymbolicLink(folder.resolve("there"), data.getParent());
        Path hard = Files.createLink(folder.resolve("hard.tsv"), data);

        for (Path out :
                new Path[] {data, folder.resolve("rows/../rows/data.tsv"), link, throughFolder.resolve("data.tsv"), hard
                }) {
            assertThatThrownBy(() -> new Output("--out", out).requireNot("--data", data))
                    .as("%s", out)
                    .isInstanceOf(UserException.class)
                    .hasMessage("--out %s is what --data reads, and would be replaced; name another file.", out);
        }
        assertThatCode(() -> new Output("--out", folder.resolve("rows/data.tsv2")).requireNot("--data", data))
                .doesNotThrowAnyException();
    }

    @Test
    void twoOutputsAreTwoFilesAlsoBeforeTheyAreThere() {
        Output first = new Output("--out", folder.resolve("a/../b.json"));

        assertThatThrownBy(() -> first.requireOther("--predictions", folder.resolve("b.json")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--out and --predictions both name");
        assertThat(first.requireOther("--predictions", folder.resolve("c.json")))
                .isEqualTo(first);
    }

    @Test
    void aPlaceInAFolderIsNotOutside() throws IOException {
        Path model = file("model/config.json").getParent();

        for (String inside : new String[] {"model", "model/config.json", "model/new/run"}) {
            assertThatThrownBy(() -> new Output("--out", folder.resolve(inside)).requireOutside("--model", model))
                    .as(inside)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("--model");
        }
        assertThatCode(() -> new Output("--out", folder.resolve("model-2")).requireOutside("--model", model))
                .doesNotThrowAnyException();
        assertThatCode(() -> new Output("--out", folder).requireOutside("--model", model))
                .as("a folder around it")
                .doesNotThrowAnyException();
    }

    /** The system follows a link before it goes up from it. */
    @Test
    void theFolderAboveALinkIsThatOfWhatItLeadsTo() throws IOException {
        Path weights = file("model/model.safetensors");
        Path model = weights.getParent();
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(model.resolve("inner")));

        for (String name : new String[] {"model.safetensors", "new.safetensors", "new/run"}) {
            Path out = link.resolve("..").resolve(name);
            assertThatThrownBy(() -> new Output("--out", out).requireOutside("--model", model))
                    .as("%s", out)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("lies in the folder that --model reads");
        }
    }

    @Test
    void aFolderKeepsWhatIsReadUnlessItHasANameThatIsWritten() throws IOException {
        Path adapter = file("run/adapter/a.safetensors").getParent();
        Path rows = file("run/rows.tsv");
        Output run = new Output("--out", folder.resolve("run"));

        assertThatThrownBy(() -> run.requireKept("--init-adapter", adapter, "adapter"::equals))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s, which --init-adapter reads, would be replaced by what is written into %s; name another --out.",
                        adapter, folder.resolve("run"));
        assertThatCode(() -> run.requireKept("--data", rows, "adapter"::equals)).doesNotThrowAnyException();
    }

    @Test
    void aFileOfAFolderThatIsReadIsNotReplaced() throws IOException {
        Path run = file("run/run.json").getParent();

        assertThatThrownBy(() -> new Output("--out", run.resolve("run.json")).requireNotOf(run, "run.json"::equals))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a file of what is read from " + run);
        assertThatCode(() -> new Output("--out", run.resolve("table.csv")).requireNotOf(run, "run.json"::equals))
                .doesNotThrowAnyException();
    }
}
