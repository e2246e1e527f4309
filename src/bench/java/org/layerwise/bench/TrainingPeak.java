package org.layerwise.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.TensorEngine;

/**
 * The peak of native memory of a training, in a process of its own whose heap does not grow and whose allocator gives every
 * larger block back at once: what a step adds to it is tensors. Arguments: {@code FOLDER LAYER,LAYER,…}. On Linux only.
 */
final class TrainingPeak {

    private static final Path STATUS = Path.of("/proc/self/status");

    private TrainingPeak() {}

    /**
     * Bytes of tensors at the highest.
     *
     * @param beside what the steps need beside the weights
     * @param all with the weights
     */
    record Bytes(long beside, long all) {}

    public static void main(String[] arguments) throws IOException {
        List<Integer> layers =
                Arrays.stream(arguments[1].split(",")).map(Integer::valueOf).toList();
        TensorEngine engine = TensorEngine.start();
        try (TransformerModel model = BenchData.model(engine, Path.of(arguments[0]), Speed.WIDTH, DType.F32);
                TrainingArm arm = new TrainingArm("peak", model, layers, false)) {
            arm.run();
            long before = bytes("VmRSS:");
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // proc(5): the peak starts anew
            arm.run();
            long weights = model.parameters() * DType.F32.bytes();
            long beside = bytes("VmHWM:") - before;
            System.out.println(beside + " " + (beside + weights));
        }
    }

    /** Measures in a new process. */
    static Bytes of(Path folder, List<Integer> layers) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                TrainingPeak.class.getName(),
                folder.toString(),
                String.join(",", layers.stream().map(String::valueOf).toList())));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("the process that measures memory ended with " + process.exitValue());
        }
        String[] words = printed.substring(printed.lastIndexOf('\n') + 1).split(" ");
        return new Bytes(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    private static long bytes(String key) throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
