package org.layerwise.install.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.HttpClients;
import org.layerwise.base.LimitedBodyReader;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.DiskSpace;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.checkpoint.hub.BodyQueue;
import org.layerwise.checkpoint.hub.HubProxies;
import org.layerwise.checkpoint.hub.Timeouts;
import org.layerwise.tensor.TorchLibraries;

/**
 * Downloads libtorch with CUDA from the server of DJL, in the version that matches DJL's Java library. The server's
 * {@code files.txt} lists the files of a version, each compressed with gzip, as {@code
 * cu128/linux-x86_64/native/lib/NAME.gz}.
 */
record LibraryDownload(Path folder, String server, ProxySelector proxies, boolean offline, Timeouts patience) {

    static final String SERVER = "https://publish.djl.ai/pytorch/" + TorchLibraries.VERSION;

    private static final Pattern LINE = Pattern.compile("(cu\\d{3})/linux-x86_64/native/lib/([^/]+)\\.gz");
    private static final Pattern NAME = Pattern.compile("[\\w.+-]*\\.so[\\w.+-]*");
    private static final int MOST_FILES = 200;

    /** Maximum size of a library as a multiple of its compressed size; libtorch's have about twice that size. */
    private static final int MOST_UNPACKED = 50;

    /**
     * Factor of the necessary disk space. A compressed library has about half of its size, and there must be space for
     * both files.
     */
    private static final int ROOM = 3;

    /**
     * Creates a download from a server.
     *
     * @param offline true if the network must not be used
     */
    LibraryDownload(Path folder, String server, ProxySelector proxies, boolean offline) {
        this(folder, server, proxies, offline, Timeouts.usual());
    }

    /** Returns a download from DJL's own server, with the proxies and the offline setting of the environment. */
    static LibraryDownload ofServer(Path folder, Map<String, String> environment) {
        return new LibraryDownload(
                folder, SERVER, HubProxies.of(environment).selector(), Offline.isRequested(environment));
    }

    /**
     * Requests the files of the newest CUDA build and their sizes from the server.
     *
     * @throws UserException if the server cannot be reached or has no such libraries
     */
    LibtorchDownloadPlan plan(Progress progress) {
        if (offline) {
            throw new UserException(
                    "The network must not be used (HF_HUB_OFFLINE is set), so libtorch with CUDA cannot be fetched; use a folder filled by %s elsewhere."
                            .formatted(TorchFolder.INSTALL));
        }
        progress.report(Progress.UNKNOWN, "asking " + URI.create(server).getHost());
        HttpClient client = client();
        URI list = URI.create(server + "/files.txt");
        List<String> lines = send(client, request(list), LimitedBodyReader.of("The answer of " + list), progress)
                .body()
                .lines()
                .map(String::strip)
                .toList();
        String flavour = lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .max(String::compareTo)
                .orElseThrow(
                        () -> new UserException("%s has no libtorch %s with CUDA for Linux on x86_64; use %s instead."
                                .formatted(server, TorchLibraries.VERSION, TorchFolder.INSTALL)));
        List<LibtorchDownloadPlan.PackedFile> files = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && matcher.group(1).equals(flavour)) {
                progress.check();
                URI source = URI.create(server + "/" + line);
                files.add(new LibtorchDownloadPlan.PackedFile(
                        name(matcher.group(2)), source, size(client, source, progress)));
            }
            if (files.size() > MOST_FILES) {
                throw new UserException("%s lists more than %s libraries, which is no libtorch; use %s instead."
                        .formatted(server, MOST_FILES, TorchFolder.INSTALL));
            }
        }
        return new LibtorchDownloadPlan(flavour, files);
    }

    /**
     * Downloads the files of a plan and returns their folder. Existing files are not downloaded again.
     *
     * @throws UserException if a file cannot be downloaded or written; complete files are kept for the next attempt
     */
    Path fetch(LibtorchDownloadPlan plan, Progress progress) {
        Path target = folder.resolve(TorchLibraries.VERSION + "-" + plan.flavour());
        if (Files.isRegularFile(target.resolve("build-version"))) {
            return target;
        }
        Path libraries = target.resolve("lib");
        WritablePaths.requireFolder(libraries);
        requireRoom(plan, libraries);
        HttpClient client = client();
        long done = 0;
        for (LibtorchDownloadPlan.PackedFile file : plan.files()) {
            Path library = libraries.resolve(file.name());
            if (!Files.exists(library)) {
                fetch(client, file, library, new LibraryBodyStream.Counter(progress, done, plan.bytes()));
            }
            done += file.bytes();
        }
        // written last, since a folder without this file does not count as a libtorch
        AtomicFiles.writeString(target.resolve("build-version"), TorchLibraries.VERSION + "+" + plan.flavour() + "\n");
        return target;
    }

    private void fetch(
            HttpClient client, LibtorchDownloadPlan.PackedFile file, Path library, LibraryBodyStream.Counter counter) {
        BodyQueue body = send(client, request(file.source()), info -> new BodyQueue(patience), counter.progress())
                .body();
        AtomicFiles.write(library, beside -> {
            try (InputStream packed = new LibraryBodyStream(body, file, counter);
                    InputStream plain = new GZIPInputStream(packed);
                    OutputStream out = Files.newOutputStream(beside)) {
                copy(plain, out, file);
            }
        });
    }

    private static void copy(InputStream plain, OutputStream out, LibtorchDownloadPlan.PackedFile file)
            throws IOException {
        byte[] piece = new byte[1 << 16];
        long left = file.bytes() * MOST_UNPACKED;
        for (int read = plain.read(piece); read >= 0; read = plain.read(piece)) {
            left -= read;
            if (left < 0) {
                throw new UserException(
                        "%s is more than %s times as large unpacked, which no library is; use %s instead."
                                .formatted(file.source(), MOST_UNPACKED, TorchFolder.INSTALL));
            }
            out.write(piece, 0, read);
        }
    }

    private static void requireRoom(LibtorchDownloadPlan plan, Path libraries) {
        try {
            long free = DiskSpace.usable(libraries);
            if (free < plan.bytes() * ROOM) {
                throw new UserException("There is no room for libtorch in %s: it takes about %s, and %s are free."
                        .formatted(libraries, ByteSize.of(plan.bytes() * ROOM), ByteSize.of(free)));
            }
        } catch (IOException e) {
            throw new UserException("Cannot look at %s: %s.".formatted(libraries, FileErrors.reason(e)), e);
        }
    }

    private static String name(String coded) {
        String name = URLDecoder.decode(coded, StandardCharsets.UTF_8);
        if (!NAME.matcher(name).matches()) {
            throw new UserException(
                    "The server lists a file \"%s\", which is no library; nothing was fetched.".formatted(name));
        }
        return name;
    }

    private long size(HttpClient client, URI file, Progress progress) {
        HttpRequest head = HttpRequest.newBuilder(file)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        long bytes = send(client, head, HttpResponse.BodyHandlers.discarding(), progress)
                .headers()
                .firstValueAsLong("content-length")
                .orElse(0);
        if (bytes <= 0 || bytes > Long.MAX_VALUE / MOST_FILES / MOST_UNPACKED) {
            throw new UserException(
                    "%s does not say how large it is; try later, or use %s.".formatted(file, TorchFolder.INSTALL));
        }
        return bytes;
    }

    private static HttpRequest request(URI address) {
        return HttpRequest.newBuilder(address).build();
    }

    /** Sends a request, and waits for the headers of the response and for what the handler needs of its body. */
    private <T> HttpResponse<T> send(
            HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler, Progress progress) {
        try {
            HttpResponse<T> response =
                    CancellableWait.answer(client.sendAsync(request, handler), patience.silence(), progress);
            if (response.statusCode() != 200) {
                throw new UserException("%s answers with %s; try later, or use %s."
                        .formatted(request.uri(), response.statusCode(), TorchFolder.INSTALL));
            }
            return response;
        } catch (ExecutionException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof UserException told) {
                    throw told; // the response is too long
                }
            }
            throw unreachable(request, Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            throw unreachable(
                    request,
                    new IOException(
                            "no answer in %s s".formatted(patience.silence().toSeconds()), e));
        }
    }

    private static UserException unreachable(HttpRequest request, Throwable failure) {
        return new UserException(
                "%s cannot be reached (%s); connect to the network, or use a folder filled by %s."
                        .formatted(request.uri().getHost(), words(failure), TorchFolder.INSTALL),
                failure);
    }

    private static String words(Throwable e) {
        return e.getMessage() == null || !(e instanceof IOException failure)
                ? e.getClass().getSimpleName().replace("Exception", "").toLowerCase(Locale.ROOT)
                : FileErrors.reason(failure);
    }

    private HttpClient client() {
        return HttpClients.create(patience.connect(), HttpClient.Redirect.NORMAL, Optional.of(proxies));
    }
}
