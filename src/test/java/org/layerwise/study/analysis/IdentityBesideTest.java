package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.WordTokenizer;

class IdentityBesideTest {

    @TempDir
    private Path folder;

    @Test
    void isThatOfTheModel() throws IOException {
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
                OpenModel model = open(workbench);
                OpenModel other = open(workbench);
                IdentityBeside beside = new IdentityBeside(model, true);
                IdentityBeside later = new IdentityBeside(other, false)) {
            assertThat(beside.get(Progress.none())).isEqualTo(other.identity(Progress.none()));
            assertThat(later.get(Progress.none())).isEqualTo(other.identity(Progress.none()));
        }
    }

    @Test
    void saysWhyFilesCannotBeRead() throws IOException {
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
                OpenModel model = open(workbench)) {
            Path config = folder.resolve("model").resolve(Checkpoint.CONFIG);
            Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"changed\": true,"));
            try (IdentityBeside beside = new IdentityBeside(model, true)) {
                assertThatThrownBy(() -> beside.get(Progress.none()))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining(Checkpoint.CONFIG);
            }
        }
    }

    @Test
    void aCancelledAnalysisDoesNotWait() throws IOException {
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
                OpenModel model = open(workbench);
                IdentityBeside beside = new IdentityBeside(model, true)) {
            assertThatThrownBy(() -> beside.get(cancelled)).isInstanceOf(CancelledException.class);
        }
    }

    private OpenModel open(Workbench workbench) throws IOException {
        Path copy = folder.resolve("model");
        if (!Files.exists(copy)) {
            WordTokenizer.copy("bert", copy);
        }
        return workbench.openModel(copy.toString(), "cpu", Progress.none());
    }
}
