package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.weights.ConditionNumber;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.analysis.weights.TailExponent;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;

/** Layers are ranked by weights alone, and a stopped scan of the weights goes on. */
class WeightsAnalysisTest {

    private static final AnalysisSettings SETTINGS = AnalysisSettings.defaults()
            .with(List.of(SignalToNoise.MEASURE, ConditionNumber.MEASURE, TailExponent.MEASURE));

    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000);

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
    }

    @AfterEach
    void close() {
        model.close();
        workbench.close();
    }

    @Test
    void rowsChangeNothing() {
        Analysis alone = analysis(Progress.none());
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        Analysis beside = new AnalysisJob(workbench, model, rows, SETTINGS).run(Progress.none(), partial -> {});

        assertThat(alone.results()).isEqualTo(beside.results());
        assertThat(alone.samples()).isZero();
        assertThat(alone.hasRows()).isFalse();
        assertThat(beside.hasRows()).isTrue();
        assertThat(alone.unitsDiffer())
                .as("each measure of weights has its own unit")
                .isTrue();
        assertThat(alone.provenance().weights()).isEqualTo(beside.provenance().weights());
    }

    @Test
    void itsFilesAreReadAgain() {
        Analysis analysis = analysis(Progress.none());
        Path out = folder.resolve("out");

        AnalysisFolder.write(analysis, out);

        Analysis read = AnalysisFolder.read(out);
        assertThat(read.results()).isEqualTo(analysis.results());
        assertThat(read.samples()).isZero();
        assertThat(out.resolve("modules-alpha.png")).isNotEmptyFile();
        assertThat(out.resolve("modules.csv"))
                .content()
                .startsWith("module,type,layer,importance\n")
                .contains("bert.encoder.layer.3.output.dense,output.dense,3,")
                .hasLineCount(1 + 24);
        assertThat(out.resolve("methods.txt"))
                .content()
                .startsWith(
                        "The 4 layers of bert were compared by their weights. The importance of a layer was measured"
                                + " by signal-to-noise ratio of the weights (Hartford et al., 2024),");
    }

    @Test
    void aStoppedScanGoesOn() throws IOException {
        Progress afterSome = new Progress() {
            private int reports;

            @Override
            public void report(double fraction, String message) {
                reports += message.startsWith("Singular values") ? 1 : 0;
            }

            @Override
            public boolean cancelled() {
                return reports > 7;
            }
        };
        assertThatThrownBy(() -> analysis(afterSome)).isInstanceOf(CancelledException.class);
        List<Path> kept = cached();
        assertThat(kept).hasSize(7);
        for (Path file : kept) {
            Files.setLastModifiedTime(file, LONG_AGO);
        }
        Files.write(kept.get(0), new byte[3]); // truncated, so it is made again

        Analysis resumed = analysis(Progress.none());

        assertThat(cached()).hasSize(24);
        for (Path file : kept.subList(1, kept.size())) {
            assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
        }
        try (Workbench other = TinyStudy.workbench(folder.resolve("other"));
                OpenModel again = TinyStudy.open(other)) {
            assertThat(new WeightsAnalysis(other, again, SETTINGS, null)
                            .run(Progress.none())
                            .results())
                    .isEqualTo(resumed.results());
        }
    }

    @Test
    void anAdapterIsNoPartOfTheWeights() {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        Path adapter = Golden.folder("lora_bert").resolve("adapter_final");

        assertThatThrownBy(() -> new AnalysisJob(workbench, model, rows, SETTINGS, adapter))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "snr comes from the weights in the model's files, which the adapter does not change; leave it out, or merge the adapter and analyze the result.");
    }

    private Analysis analysis(Progress progress) {
        return new WeightsAnalysis(workbench, model, SETTINGS, null).run(progress);
    }

    private List<Path> cached() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("home/cache/spectra"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
