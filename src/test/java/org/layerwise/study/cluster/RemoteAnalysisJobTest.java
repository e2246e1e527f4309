package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.install.AppFolders;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.StorageFolder;
import org.layerwise.settings.Configuration;
import org.layerwise.study.Workbench;
import org.layerwise.testing.Golden;
import org.layerwise.testing.PlainSsh;

class RemoteAnalysisJobTest {

    @TempDir
    Path folder;

    @Test
    void anAnalysisIsNotFetchedForOtherRowsThanItWasAskedFor() throws Exception {
        Path rows = Golden.folder("llama").resolve("rows.jsonl");
        Path asked = Files.writeString(
                folder.resolve("asked.yaml"),
                "model: %s\ndata: %s\non: lab\nmodel-there: /models/llama\n".formatted(Golden.folder("llama"), rows));
        AppFolders folders = new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache"));
        try (Workbench workbench = new Workbench(folders)) {
            ClusterAccess clusters = new ClusterAccess(workbench, PlainSsh.unanswered());
            clusters.registry()
                    .add(
                            new Cluster.Ray(
                                    "lab",
                                    URI.create("http://127.0.0.1:1"),
                                    new StorageFolder("/mnt/lab", Optional.of(folder.resolve("storage"))),
                                    Optional.empty(),
                                    "python"),
                            false);
            List<String> remarks = new ArrayList<>();
            assertThat(PendingAnalysis.left(folders.jobs(), remarks::add)).isEmpty();
            assertThat(remarks).isEmpty();
            PendingAnalysis left =
                    new PendingAnalysis(folder.resolve("job"), "llama", "rows", Configuration.read(asked));
            RemoteAnalysisJob job = new RemoteAnalysisJob(workbench, clusters);
            assertThatThrownBy(() -> job.fetch(left, null, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("The model, the rows or the cluster lab have changed");
        }
    }
}
