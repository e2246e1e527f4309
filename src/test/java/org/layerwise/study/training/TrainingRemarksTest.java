package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingRemarksTest {

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
        assertThat(TrainingRemarks.otherModel(Path.of("adapter"), trainedOn, model)
                        .isPresent())
                .isEqualTo(noticed);
    }
}
