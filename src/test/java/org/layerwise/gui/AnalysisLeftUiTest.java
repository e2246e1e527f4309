package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.remote.WorkerCount;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.cluster.RemoteAnalysisJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.PlainSsh;

/** An analysis that an earlier window has sent to a cluster comes to its end in the next one, by itself. */
class AnalysisLeftUiTest extends WindowTest {

    private PlayedCluster cluster;

    @Override
    public void init() {
        Workbench workbench = lab().workbench();
        cluster = new PlayedCluster(workbench, home).register();
        RemoteDestination to = new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(1, false)));
        String folder = lab().folder("bert").toString();
        try (OpenModel model = workbench.openModel(folder, "cpu", Progress.none())) {
            Path job = new RemoteAnalysisJob(workbench, new ClusterAccess(workbench, PlainSsh.unanswered()))
                    .submit(
                            model,
                            "definitions",
                            lab().rows("definitions.csv", 64),
                            AnalysisSettings.defaults(),
                            to,
                            Progress.none());
            Path asked = job.resolve("asked.json");
            Json.write(asked, ((ObjectNode) Json.read(asked)).put("process", "0@")); // of a window that was killed
        }
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void isTakenUpWhenTheWindowOpens() throws Exception {
        await("it is done", () -> !lookup("1 · definitions").queryAll().isEmpty());
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        assertThat(cluster.killed()).isEmpty();
    }
}
