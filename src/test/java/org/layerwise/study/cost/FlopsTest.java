package org.layerwise.study.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.model.LinearModule;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.tensor.DType;
import org.layerwise.testing.Golden;

/** Operations as PyTorch's counter counted them in forward and backward passes (src/test/python/flops_golden.py). */
class FlopsTest {

    /** Pooler and classifier of the small models, which are no layers, are some thousandths of it. */
    private static final double SHARE = 0.02;

    @TempDir
    static Path folder;

    static Stream<JsonNode> counted() {
        return StreamSupport.stream(
                Json.read(Golden.folder("bert").resolveSibling("flops.json")).spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("counted")
    void theyAreThoseThatWereCounted(JsonNode counted) {
        String name = counted.path("model").asText();
        Path model = name.equals("sample") ? SampleModel.provide(folder, Progress.none()) : Golden.folder(name);
        Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
        ModelBlueprint blueprint = ModelBlueprint.ofConfig(
                workbench.engine(), Checkpoint.ofConfig(model.resolve("config.json")), DType.F32);
        List<String> targets = new ArrayList<>();
        counted.path("targets").forEach(target -> targets.add(target.asText()));
        Set<Integer> layers = new TreeSet<>();
        counted.path("layers").forEach(layer -> layers.add(layer.asInt()));
        Set<String> adapted = blueprint.targets(layers, targets).stream()
                .map(LinearModule::name)
                .collect(Collectors.toSet());
        Flops flops = new Flops(
                blueprint.config(),
                blueprint.linears(),
                adapted,
                counted.path("r").asInt(),
                name.equals("llama"));
        long rows = counted.path("rows").asLong();
        long length = counted.path("length").asLong();

        double forward = counted.path("forward").asDouble();
        double backward = counted.path("backward").asDouble();
        assertThat(flops.forward(rows, length)).isCloseTo(forward, within(SHARE * forward));
        assertThat(flops.backward(rows, length)).isCloseTo(backward, within(SHARE * backward));
    }
}
