package org.layerwise.study.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.ModelTensor;
import org.layerwise.model.TransformerModel;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** A model merged from quantised weights is a plain one in bfloat16 that holds their values. */
class QuantizedMergeTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
    }

    @AfterEach
    void nothingIsLeft() {
        workbench.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bnb_nf4_some", "fp8_block", "gptq_int4", "mxfp4_gpt_oss"})
    void holdsTheValuesInBfloat16(String format) {
        Path base = Golden.folder("quantised/" + format);
        Path out = folder.resolve("merged");

        new MergeJob(workbench, base, base.resolve("adapter_init"), out, MergeJob.DEFAULT_SHARD_BYTES)
                .run(Progress.none());

        assertThat(Json.read(out.resolve(Checkpoint.CONFIG)).has("quantization_config"))
                .isFalse();
        Map<String, float[]> expected = values(base, DType.BF16);
        Map<String, float[]> merged = values(out, DType.F32);
        assertThat(merged.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) ->
                assertThat(Arrays.mismatch(merged.get(name), values)).as(name).isEqualTo(-1));
    }

    /** The tensors of a model in a type, by name; -0 counts as 0, since the sum with an update is 0. */
    private Map<String, float[]> values(Path model, DType type) {
        Map<String, float[]> values = new HashMap<>();
        try (TransformerModel loaded =
                        TransformerModel.load(engine, Checkpoint.open(model), Device.CPU, Progress.none());
                Scope scope = engine.inference()) {
            for (ModelTensor tensor : loaded.blueprint().tensors()) {
                values.put(
                        tensor.name(),
                        loaded.tensor(tensor.name())
                                .cast(type)
                                .cast(DType.F32)
                                .add(0)
                                .floats());
            }
        }
        return values;
    }
}
