package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The text of {@code ops.py}: each tensor that an operation makes names its device. libtorch's meta would multiply a matrix that an
 * operation made on the processor without a word, so {@link StrictOps} alone does not find all of them.
 */
class OpsSourceTest {

    /**
     * Every function of libtorch 2.7.1 that makes a tensor of no other tensor: the schemas ({@code torch._C._jit_get_all_schemas()})
     * that return a tensor and take none.
     */
    private static final Set<String> MAKERS = Set.of(
            "_cudnn_init_dropout_state",
            "_efficientzerotensor",
            "_empty_affine_quantized",
            "_list_to_tensor",
            "_make_dep_token",
            "_sparse_compressed_tensor_with_dims",
            "_sparse_coo_tensor_with_dims",
            "arange",
            "as_tensor",
            "bartlett_window",
            "blackman_window",
            "empty",
            "empty_permuted",
            "empty_strided",
            "eye",
            "fft_fftfreq",
            "fft_rfftfreq",
            "from_file",
            "full",
            "hamming_window",
            "hann_window",
            "kaiser_window",
            "linspace",
            "logspace",
            "normal",
            "ones",
            "rand",
            "randint",
            "randn",
            "randperm",
            "range",
            "scalar_tensor",
            "sparse_coo_tensor",
            "tensor",
            "tril_indices",
            "triu_indices",
            "zeros",
            "NumToTensor");

    private static final Pattern OPERATION = Pattern.compile("def (\\w+)\\(self: __torch__\\.Ops, ([^)]*)\\)");
    private static final Pattern CALL = Pattern.compile("(?:torch|ops\\.prim)\\.(\\w+)\\(");
    private static final Pattern DEVICE =
            Pattern.compile("device=(?:ops\\.prim\\.device\\((\\w+)\\)|torch\\.device\\((\\w+)\\))");

    @Test
    void everyTensorMadeInsideNamesItsDevice() {
        assertThat(homeless(TorchScriptOps.source(TorchScriptOps.EVERYWHERE))).containsExactly("map_file: from_file");
    }

    @Test
    void onlyCopiesNameAKindOfDevice() {
        List<String> found = new ArrayList<>();
        operations(TorchScriptOps.source(TorchScriptOps.EVERYWHERE)).forEach(operation -> {
            if (operation.body().matches("(?s).*(\"cpu\"|'cpu'|cuda).*")) {
                found.add(operation.name());
            }
        });
        assertThat(found).containsExactly("to_device", "to_host", "bits");
    }

    private record Operation(String name, String parameters, String body) {}

    /** Calls that make a tensor without the device of an operand or of a parameter, as {@code operation: function}. */
    static List<String> homeless(String source) {
        List<String> found = new ArrayList<>();
        for (Operation operation : operations(source)) {
            Matcher call = CALL.matcher(operation.body());
            while (call.find()) {
                if (MAKERS.contains(call.group(1)) && !namesDevice(operation, call.end())) {
                    found.add(operation.name() + ": " + call.group(1));
                }
            }
        }
        return found;
    }

    private static boolean namesDevice(Operation operation, int begin) {
        Matcher device = DEVICE.matcher(arguments(operation.body(), begin));
        return device.find()
                && operation
                        .parameters()
                        .contains(device.group(1) != null ? device.group(1) + ": Tensor" : device.group(2) + ": str");
    }

    private static String arguments(String text, int begin) {
        int depth = 1;
        int end = begin;
        while (depth > 0) {
            depth += switch (text.charAt(end++)) {
                case '(' -> 1;
                case ')' -> -1;
                default -> 0;
            };
        }
        return text.substring(begin, end);
    }

    private static List<Operation> operations(String source) {
        List<Operation> operations = new ArrayList<>();
        Matcher begin = OPERATION.matcher(source);
        int from = -1;
        String name = "";
        String parameters = "";
        while (begin.find()) {
            if (from >= 0) {
                operations.add(new Operation(name, parameters, source.substring(from, begin.start())));
            }
            name = begin.group(1);
            parameters = begin.group(2);
            from = begin.end();
        }
        operations.add(new Operation(name, parameters, source.substring(from)));
        return operations;
    }
}
