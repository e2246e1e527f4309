package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizationFormats;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Quantised tensors are found with all their parts, and what is wrong with a part is said by name. */
class QuantizedCheckpointTest {

    /** The first module in the files. */
    private static final String FIRST = "model.layers.0.mlp.down_proj";

    private static final String MODULE = "model.layers.1.self_attn.q_proj";

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @CsvSource({
        "awq_gemm, awq",
        "bnb_fp4, fp4",
        "bnb_int8, int8",
        "bnb_nf4, nf4",
        "bnb_nf4_double, nf4 with double quantisation",
        "ct_float8, fp8",
        "ct_pack_int4, int4",
        "fp8_block, fp8",
        "gptq_int4, gptq 4-bit"
    })
    void everyPartIsUsedAndNoWeightIsMissing(String fixture, String format) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("quantised/" + fixture))) {
            ModelBlueprint blueprint = ModelBlueprint.read(engine, checkpoint);

            assertThat(blueprint.missing()).isEmpty();
            assertThat(blueprint.unused()).isEmpty();
            assertThat(blueprint.isQuantized()).isTrue();
            assertThat(blueprint.mostlyIn16Bits()).isTrue();
            assertThat(blueprint.tensors())
                    .filteredOn(tensor -> tensor.name().equals(MODULE + ".weight"))
                    .extracting(ModelTensor::form)
                    .containsExactly(format);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bnb_nf4, .weight.absmax",
        "bnb_nf4, .weight.quant_map",
        "bnb_nf4_double, .weight.nested_absmax",
        "bnb_nf4_double, .weight.nested_quant_map",
        "bnb_int8, .SCB",
        "bnb_int8, .weight",
        "fp8_block, .weight_scale_inv",
        "ct_float8, .weight_scale",
        "ct_pack_int4, .weight_shape",
        "gptq_int4, .qzeros",
        "gptq_int4, .scales",
        "awq_gemm, .scales"
    })
    void aMissingPart(String fixture, String part) throws IOException {
        write(fixture, tensor -> tensor.name().equals(MODULE + part) ? null : tensor);

        assertRefused().hasMessageContaining(MODULE);
    }

    @ParameterizedTest
    @CsvSource({
        "bnb_nf4, .weight.absmax",
        "fp8_block_bf16, .weight_scale_inv",
        "ct_pack_int4, .weight_scale",
        "gptq_int4, .scales",
        "gptq_int4, .g_idx",
        "awq_gemm, .qzeros"
    })
    void aPartOfAnotherShape(String fixture, String part) throws IOException {
        write(fixture, tensor -> tensor.name().equals(MODULE + part) ? half(tensor) : tensor);

        assertRefused().hasMessageContaining(MODULE);
    }

    /** Codes for kernels of early GPUs lie in another order, which would be read as other weights. */
    @Test
    void codesInAnotherOrder() throws IOException {
        String layout = MODULE + ".weight_format";
        write(
                "bnb_int8",
                tensor -> tensor.name().equals(layout)
                        ? Named.of(layout, DType.U8, tensor.shape(), ByteBuffer.wrap(new byte[] {2}))
                        : tensor);

        assertRefused().hasMessageContaining(layout).hasMessageContaining("another order than by row");
    }

    @ParameterizedTest
    @CsvSource({"gptq_int4, group_size", "gptq_int4, bits", "awq_gemm, group_size"})
    void aKeyOfTheConfigurationThatIsNotThere(String fixture, String key) throws IOException {
        write(fixture, tensor -> tensor);
        change(config -> ((ObjectNode) config.path("quantization_config")).remove(key));

        assertRefused().hasMessageContaining("config.json has no quantization_config." + key);
    }

    @ParameterizedTest
    @CsvSource({"gptq_int4, .qweight", "awq_gemm, .qweight", "ct_float8, .weight", "ct_pack_int4, .weight_packed"})
    void codesWithoutElements(String fixture, String part) throws IOException {
        write(
                fixture,
                tensor -> tensor.name().equals(FIRST + part)
                        ? Named.of(tensor.name(), tensor.type(), new long[] {0, 64}, ByteBuffer.allocate(0))
                        : tensor);
        // a group of all inputs, of which there are none
        change(config -> ((ObjectNode) config.path("quantization_config")).put("group_size", -1));

        assertRefused().hasMessageContaining(FIRST + part).hasMessageContaining("without elements");
    }

    @Test
    void aFormatInTheConfigurationOfTheLanguageModelInside() throws IOException {
        write("fp8_block", tensor -> tensor);
        change(config ->
                config.putObject("text_config").set("quantization_config", config.remove("quantization_config")));

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(QuantizationFormats.isQuantized(checkpoint)).isTrue();
            assertThat(QuantizationFormats.find(checkpoint)).containsKey(MODULE + ".weight");
            ObjectNode config = checkpoint.config().deepCopy();
            QuantizationFormats.remove(config);
            assertThat(config.toString()).doesNotContain("quantization_config");
        }
    }

    @Test
    void aGroupThatIsNotThere() throws IOException {
        write("gptq_int4", tensor -> tensor.name().equals(MODULE + ".g_idx") ? filled(tensor, 7) : tensor);

        assertRefused().hasMessageContaining(MODULE + ".g_idx").hasMessageContaining("names the group");
    }

    @Test
    void aPartOfAnotherType() throws IOException {
        write(
                "bnb_nf4",
                tensor -> tensor.name().equals(MODULE + ".weight.absmax")
                        ? Named.of(tensor.name(), DType.I32, tensor.shape(), bytes(tensor))
                        : tensor);

        assertRefused().hasMessageContaining(MODULE + ".weight.absmax").hasMessageContaining("I32");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"quant_type\": \"af4\", \"blocksize\": 64, \"dtype\": \"bfloat16\", \"shape\": [64, 64]}",
                "{\"quant_type\": \"nf4\", \"blocksize\": 0, \"dtype\": \"bfloat16\", \"shape\": [64, 64]}",
                "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"int8\", \"shape\": [64, 64]}",
                "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"bfloat16\", \"shape\": [64, 65]}",
                "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"bfloat16\", \"shape\": [2147483647, 2147483647, 2147483647]}",
                "{\"blocksize\": 64, \"dtype\": \"bfloat16\", \"shape\": [64, 64]}",
                "[[["
            })
    void aStateThatIsNotPossible(String text) throws IOException {
        String state = MODULE + ".weight.quant_state.bitsandbytes__nf4";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(
                "bnb_nf4",
                tensor -> tensor.name().equals(state)
                        ? Named.of(state, DType.U8, new long[] {bytes.length}, ByteBuffer.wrap(bytes))
                        : tensor);

        assertRefused().hasMessageContaining(MODULE);
    }

    @Test
    void eightBitFloatsWithoutAFormatAreRefused() throws IOException {
        write("fp8_block", tensor -> tensor);
        change(config -> config.remove("quantization_config"));

        assertRefused().hasMessageContaining("F8_E4M3");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> {
                    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                        TransformerModel.load(engine, checkpoint, Engines.device(), Progress.none())
                                .close();
                    }
                })
                .isInstanceOf(UserException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageEndingWith(".");
    }

    private void change(Consumer<ObjectNode> edit) {
        Path file = folder.resolve(Checkpoint.CONFIG);
        ObjectNode config = (ObjectNode) Json.read(file);
        edit.accept(config);
        Json.write(file, config);
    }

    /** Copies a fixture with changed tensors; null leaves a tensor out. */
    private void write(String fixture, UnaryOperator<Named> edit) throws IOException {
        Path golden = Golden.folder("quantised/" + fixture);
        Files.copy(golden.resolve(Checkpoint.CONFIG), folder.resolve(Checkpoint.CONFIG));
        try (SafetensorsFile file = SafetensorsFile.open(golden.resolve("model.safetensors"))) {
            List<Named> tensors = new ArrayList<>();
            int changed = 0;
            for (String name : file.names()) {
                TensorEntry entry = file.entry(name);
                Named tensor = Named.of(name, entry.type(), entry.shape(), file.bytes(name));
                Named edited = edit.apply(tensor);
                changed += edited == tensor ? 0 : 1;
                Stream.ofNullable(edited).forEach(tensors::add);
            }
            assertThat(changed).isLessThanOrEqualTo(1);
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        }
    }

    private static ByteBuffer bytes(Named tensor) {
        ByteBuffer all = ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        tensor.data().forEach(all::put);
        return all.flip();
    }

    private static Named half(Named tensor) {
        long[] shape = tensor.shape();
        shape[shape.length - 1] /= 2;
        ByteBuffer bytes = bytes(tensor);
        return Named.of(tensor.name(), tensor.type(), shape, bytes.limit(bytes.limit() / 2));
    }

    private static Named filled(Named tensor, int value) {
        ByteBuffer bytes = bytes(tensor);
        for (int at = 0; at < bytes.limit(); at += Integer.BYTES) {
            bytes.putInt(at, value);
        }
        return Named.of(tensor.name(), tensor.type(), tensor.shape(), bytes);
    }
}
