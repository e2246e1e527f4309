package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.AdapterBaseModel;

class TrainingRemarksTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "org/bert, org/bert, false",
        "org/bert, /models/BERT, false",
        "/home/a/models/bge, /srv/models/bge, false",
        "C:\\models\\bge, /srv/models/bge, false",
        "org/bert, org/roberta, true",
        "org/bert, /hub/snapshots/5c38ec7c405ec4b44b94cc5a9bb96e735b38267a, false",
        "'', org/roberta, false"
    })
    void anAdapterOfAModelOfAnotherNameIsNoticed(String trainedOn, String model, boolean noticed) {
        assertThat(AdapterBaseModel.remarkOnOther(Path.of("adapter"), trainedOn, model)
                        .isPresent())
                .isEqualTo(noticed);
    }

    @ParameterizedTest
    @CsvSource({
        "sample:definitions, , , ''",
        "sample:definitions, sample:definitions:test, , ''",
        "sample:definitions:validation, sample:definitions:test, , ''",
        "sample:definitions:validation, sample:acceptability, , ''",
        "sample:definitions:validation, sample:definitions, , sample:definitions",
        "sample:definitions:test, sample:definitions:test, , sample:definitions:test",
        "sample:definitions:test, sample:definitions:validation, sample:definitions:test, sample:definitions:test",
        "a.tsv, b.tsv, ./a.tsv, ./a.tsv",
        "a.tsv, 'b.tsv,a.tsv', , a.tsv",
        "a.tsv, sample:definitions, b.tsv, ''"
    })
    void measuredRowsThatAreTrainedOnAreNoticed(
            String data, @Nullable String validation, @Nullable String test, String noticed) throws IOException {
        for (String name : List.of("a.tsv", "b.tsv")) {
            Files.writeString(folder.resolve(name), "text\tlabel\nwords\t0\n");
        }
        assertThat(TrainingRemarks.measuredRowsInTraining(
                        DataSettings.of(in(data)), TrainingSettings.defaults().withHeldOut(in(validation), in(test))))
                .isEqualTo(
                        noticed.isEmpty()
                                ? List.of()
                                : List.of(
                                        "Rows of %s are both trained on and measured, so the result says little about other rows; name rows that are not trained on."
                                                .formatted(in(noticed))));
    }

    /** Returns locations with the folder before the names of files. */
    private @Nullable String in(@Nullable String locations) {
        return locations == null
                ? null
                : Stream.of(locations.split(","))
                        .map(one -> DataSettings.isSample(one) ? one : folder + "/" + one)
                        .collect(Collectors.joining(","));
    }

    @Test
    void aFolderHasAPartForEach() throws IOException {
        TrainingSettings same = TrainingSettings.defaults().withHeldOut(folder.toString(), null);
        Files.writeString(folder.resolve("rows.tsv"), "text\tlabel\nwords\t0\n");
        assertThat(TrainingRemarks.measuredRowsInTraining(DataSettings.of(folder.toString()), same))
                .hasSize(1);
        Files.move(folder.resolve("rows.tsv"), folder.resolve("train.tsv"));
        Files.copy(folder.resolve("train.tsv"), folder.resolve("dev.tsv"));
        assertThat(TrainingRemarks.measuredRowsInTraining(DataSettings.of(folder.toString()), same))
                .isEmpty();
    }
}
