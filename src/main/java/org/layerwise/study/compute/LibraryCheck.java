package org.layerwise.study.compute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.layerwise.base.Json;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.slf4j.LoggerFactory;

/** Tries libraries in a process of its own: libraries that do not fit may end the process that loads them. */
final class LibraryCheck {

    /** Some gigabytes are read from the disk the first time. */
    static final Duration LIMIT = Duration.ofMinutes(3);

    private static final int LOOK_MILLIS = 100;

    private final List<String> program;
    private final Duration limit;

    /** @param program the command that starts this program, without arguments */
    LibraryCheck(List<String> program, Duration limit) {
        this.program = List.copyOf(program);
        this.limit = limit;
    }

    /**
     * Tries a folder.
     *
     * @param links where the other process may put links
     * @throws UserException if there is no libtorch that can be used, it cannot be loaded, or takes too long
     */
    CheckedLibraries run(Path folder, Path links, Progress progress) {
        progress.report(Progress.UNKNOWN, "looking for libtorch in " + folder);
        TorchFolder torch = TorchFolder.find(folder);
        progress.report(Progress.UNKNOWN, "starting libtorch %s in a process of its own".formatted(torch.version()));
        try {
            WholeFiles.requireWritableFolder(links.getParent());
            Path said = Files.createTempFile("layerwise-check", ".out");
            Path complained = Files.createTempFile("layerwise-check", ".err");
            try {
                Process process = OwnProgram.process(
                                program, List.of(LibraryProbe.ARGUMENT, folder.toString(), links.toString()))
                        .redirectInput(ProcessBuilder.Redirect.PIPE)
                        .redirectOutput(said.toFile())
                        .redirectError(complained.toFile())
                        .start();
                wait(process, folder, progress);
                return answer(torch, process.exitValue(), text(said), text(complained));
            } finally {
                Files.deleteIfExists(said);
                Files.deleteIfExists(complained);
            }
        } catch (IOException e) {
            throw new UserException("The libraries cannot be checked: %s.".formatted(WholeFiles.reason(e)), e);
        }
    }

    private void wait(Process process, Path folder, Progress progress) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.check();
                if (System.nanoTime() > end) {
                    throw new UserException(
                            "libtorch in %s did not start within %s seconds; check it once more, or choose another folder."
                                    .formatted(folder, limit.toSeconds()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("The check of %s was interrupted; start it again.".formatted(folder), e);
        } finally {
            process.destroyForcibly().onExit().join(); // a process that was killed ends at once
        }
    }

    private static CheckedLibraries answer(TorchFolder torch, int code, String said, String complained) {
        Optional<JsonNode> found = said.lines()
                .filter(line -> line.startsWith("{"))
                .reduce((first, last) -> last)
                .flatMap(LibraryCheck::parse);
        if (found.isEmpty()) {
            LoggerFactory.getLogger(LibraryCheck.class).warn("exit code {}: {} {}", code, said, complained);
            throw new UserException(
                    "The process that loaded libtorch from %s ended with code %s; the log has what it said. Choose another folder."
                            .formatted(torch.asked(), code));
        }
        JsonNode facts = found.get();
        if (facts.has("error")) {
            throw new UserException(facts.get("error").asText());
        }
        List<String> devices = StreamSupport.stream(facts.path("devices").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        return new CheckedLibraries(
                torch.asked(),
                facts.path("version").asText(),
                LinkFolder.stamp(torch),
                Optional.ofNullable(facts.path("cuda").textValue()),
                devices);
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            return Optional.of(Json.parse(line));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // some library's words
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
