package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.study.document.StudyFile;
import org.layerwise.testing.EarlierFiles;

class PendingAnalysisTest {

    @TempDir
    private Path folder;

    @Test
    void oneOfVersion010IsTakenOver() {
        EarlierFiles.copy(folder);
        List<String> remarks = new ArrayList<>();

        List<PendingAnalysis> left = PendingAnalysis.left(folder.resolve("data/jobs"), remarks::add);

        assertThat(remarks).isEmpty();
        assertThat(left).hasSize(1);
        assertThat(left.get(0).model()).isEqualTo("model");
        assertThat(left.get(0).rows()).isEqualTo("words.tsv");
        var asked = left.get(0).configuration();
        var study = StudyFile.read(folder.resolve("study.layerwise")).settings();
        assertThat(asked.model().model()).isEqualTo(folder.resolve("model").toString());
        assertThat(asked.rows()).isEqualTo(study.rows());
        assertThat(asked.analysis()).isEqualTo(study.analysis());
        assertThat(asked.on()).isEqualTo(study.analyzeOn());
    }

    @Test
    void oneWithoutAClusterIsPassedOverAndTheOthersAreTakenOver() throws IOException {
        EarlierFiles.copy(folder);
        Path jobs = folder.resolve("data/jobs");
        Path broken = Files.createDirectories(jobs.resolve("0")).resolve("asked.json");
        String json = "{\"version\": 1, \"process\": \"\", \"config\": {\"model\": \"sample\"}}";
        Files.writeString(broken, json);
        List<String> remarks = new ArrayList<>();

        assertThat(PendingAnalysis.left(jobs, remarks::add)).hasSize(1);

        assertThat(remarks)
                .containsExactly(
                        "%s does not name the cluster (\"on\") of its analysis; delete the file and analyze again."
                                .formatted(broken));
        assertThat(broken).as("nobody's yet").hasContent(json);
    }
}
