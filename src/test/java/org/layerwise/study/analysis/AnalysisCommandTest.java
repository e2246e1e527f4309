package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.Svcca;

class AnalysisCommandTest {

    @Test
    void anAnalysisIsRepeatedOnItsDeviceAndInItsType() {
        Analysis analysis = AnalysisMethodsTest.analysis(List.of(LinearCka.MEASURE, Svcca.MEASURE), 1, "");

        assertThat(AnalysisCommand.of(analysis, Path.of("again")).orElseThrow().commandLine())
                .isEqualTo("layerwise analyze --model sample --device cpu --dtype f32 --data /somewhere/rows.tsv"
                        + " --position last --measure cka,svcca --rbf-bandwidth 0.5 --minibatch 64 --name reviews"
                        + " --bootstrap 1000 --permutations 100 --seed 7 --out again");
    }
}
