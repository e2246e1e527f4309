package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;
import org.layerwise.settings.Configuration;
import org.layerwise.study.cluster.PendingAnalysis;

/** An analysis that an earlier window has sent to a cluster comes to its end in the next one, by itself. */
class AnalysisLeftUiTest extends WindowTest {

    private final InventedEngine engine = new InventedEngine(20);

    @Override
    protected Engine engine() {
        try {
            Path file = Files.createTempFile("asked", ".yaml");
            Files.writeString(file, "model: sample\ndata: sample\non: lab\n");
            Configuration asked = Configuration.read(file);
            engine.clusters().leave(new PendingAnalysis(Path.of("job"), "bge-small-en-v1.5", "definitions", asked));
            Files.delete(file);
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void isTakenUpWhenTheWindowOpens() throws Exception {
        await("it is done", () -> !lookup("1 · sample").queryAll().isEmpty());
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        assertThat(engine.clusters().ended()).isEmpty();
    }
}
