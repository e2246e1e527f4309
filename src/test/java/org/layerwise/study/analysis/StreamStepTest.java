package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.MinibatchCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/** Rows that are streamed give what the same rows in memory give. */
class StreamStepTest {

    private static final int ROWS = StreamStep.MANY + 100;

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private int liveBefore;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        liveBefore = workbench.engine().liveTensors();
        model = TinyStudy.open(workbench);
        List<String> sixteen = Files.readAllLines(TinyStudy.classes(folder));
        List<String> many = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            many.add(sixteen.get(i % sixteen.size()));
        }
        file = Files.write(folder.resolve("many.jsonl"), many);
    }

    @AfterEach
    void close() {
        model.close();
        assertThat(workbench.engine().liveTensors()).isEqualTo(liveBefore);
    }

    private Analysis analyze(int samples, Measure... measures) {
        DataSettings rows = DataSettings.of(file.toString()).withSamples(samples);
        return new AnalysisJob(
                        workbench, model, rows, AnalysisSettings.defaults().with(List.of(measures)))
                .run(Progress.none(), partial -> {});
    }

    @Test
    void linearAndMinibatchCkaAreTheSameAsInMemory() {
        DataSettings all = DataSettings.of(file.toString()).withSamples(DataSettings.ALL);
        AnalysisSettings both = AnalysisSettings.defaults().with(List.of(LinearCka.MEASURE, MinibatchCka.MEASURE));
        assertThat(StreamStep.suits(model, all, both)).isTrue();
        assertThat(StreamStep.suits(model, all.withSamples(StreamStep.MANY), both))
                .isFalse();
        assertThat(StreamStep.suits(model, all, both.with(List.of(RbfCka.MEASURE))))
                .isFalse();
        Analysis streamed = analyze(DataSettings.ALL, LinearCka.MEASURE, MinibatchCka.MEASURE);
        // a measure that cannot be streamed keeps all in memory
        Analysis inMemory = analyze(ROWS, LinearCka.MEASURE, MinibatchCka.MEASURE, Cosine.MEASURE);
        assertThat(inMemory.results()).hasSize(3);
        assertThat(streamed.samples()).isEqualTo(ROWS);
        assertThat(streamed.provenance().dataSha256())
                .isEqualTo(inMemory.provenance().dataSha256());
        assertThat(streamed.provenance().rows())
                .isEqualTo(inMemory.provenance().rows())
                .isNotNull();
        for (int i = 0; i < 2; i++) {
            SimilarityMatrix one = streamed.results().get(i).matrix().orElseThrow();
            SimilarityMatrix other = inMemory.results().get(i).matrix().orElseThrow();
            for (int row = 1; row < one.size(); row++) {
                for (int column = 1; column < one.size(); column++) {
                    assertThat(one.value(row, column).orElseThrow())
                            .isCloseTo(other.value(row, column).orElseThrow(), within(1e-6));
                }
            }
        }
        assertThat(streamed.importance().of(0)).isEmpty();
        assertThat(streamed.proposed()).isEqualTo(inMemory.proposed());
    }

    @ParameterizedTest
    @CsvSource({"AUTO, 64", "LAYERS, 16"})
    void sixteenBitsTellWhatTheyChange(Loading loading, int rows) {
        model.close();
        model = workbench.openModel(
                new ModelSettings(TinyStudy.MODEL, "cpu", ComputeType.BF16, loading),
                new PauseSwitch(),
                Progress.none());
        assertThat(analyze(DataSettings.ALL, LinearCka.MEASURE).remarks())
                .singleElement()
                .asString()
                .contains("against float32 on the first %s rows".formatted(rows));
    }
}
