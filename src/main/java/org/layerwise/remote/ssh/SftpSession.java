package org.layerwise.remote.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpErrorDataHandler;
import org.apache.sshd.sftp.client.SftpMessage;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.fs.SftpFileSystemProvider;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.client.impl.DefaultSftpClientFactory;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;

/**
 * SFTP session over a connection. MINA's requests cannot be cancelled, so the connection is closed if the work was
 * cancelled and a request remains without an answer. Other messages, which make a server seem alive, do not count as
 * answers.
 */
final class SftpSession extends DefaultSftpClientFactory {

    private static final long POLL_MILLIS = 100;

    private static final String BROKEN = "it sent an answer that breaks SFTP";

    /** Maximum number of answers in a row to requests for data that bring none and are not the end of the file. */
    private static final int MOST_EMPTY = 100;

    /** Maximum wait for an answer after the work was cancelled. */
    private static final Duration SILENCE = Duration.ofMillis(700);

    /** Maximum time for cleaning up after the work was cancelled, for a server that answers. */
    private static final Duration CLEARING_UP = Duration.ofSeconds(5);

    private final ClientSession session;
    private final Progress progress;
    private int open;
    private long last;

    private SftpSession(ClientSession session, Progress progress) {
        this.session = session;
        this.progress = progress;
    }

    /**
     * Opens a session.
     *
     * @throws IOException if the other side has no SFTP, or does not answer
     */
    static FileSystem open(ClientSession session, String name, Progress progress) throws IOException {
        SftpSession sftp = new SftpSession(session, progress);
        Thread watch = new Thread(sftp::watch, "SFTP of " + name);
        watch.setDaemon(true);
        watch.start();
        SftpFileSystemProvider provider = new SftpFileSystemProvider(
                (SshClient) session.getFactoryManager(), sftp, SftpVersionSelector.CURRENT, SftpErrorDataHandler.EMPTY);
        FileSystem files = provider.newFileSystem(session);
        try {
            files.supportedFileAttributeViews(); // the first request to the server
            return files;
        } catch (UncheckedIOException e) {
            files.close();
            throw e.getCause();
        }
    }

    @Override
    public SftpClient createSftpClient(
            ClientSession connection, SftpVersionSelector version, SftpErrorDataHandler errors) throws IOException {
        asked();
        try {
            return super.createSftpClient(connection, version, errors);
        } finally {
            answered();
        }
    }

    @Override
    protected DefaultSftpClient createDefaultSftpClient(
            ClientSession connection, SftpVersionSelector version, SftpErrorDataHandler errors) throws IOException {
        return new Client(connection, version, errors);
    }

    /** Parser of an answer. */
    @FunctionalInterface
    private interface Parser<T> {
        T parse() throws IOException;
    }

    /** Parses an answer. MINA throws different runtime exceptions if it lacks values or has impossible ones. */
    private static <T> T parsed(Parser<T> parser) throws IOException {
        try {
            return parser.parse();
        } catch (RuntimeException e) {
            throw new IOException(BROKEN, e);
        }
    }

    /**
     * Counter of requests and answers, which refuses broken answers; an inner class, since MINA's constructor already
     * sends the first request.
     */
    private final class Client extends DefaultSftpClient {

        /** Number of answers without data since the last one with data. */
        private int empty;

        Client(ClientSession session, SftpVersionSelector version, SftpErrorDataHandler errors) throws IOException {
            super(session, version, errors);
        }

        /**
         * Waits for the first answer, and also ends if the connection is closed, which MINA's own waiting does not do.
         */
        @Override
        protected Buffer waitForInitResponse(CompletableFuture<Buffer> answer, Duration longest) throws IOException {
            long end = System.nanoTime() + longest.toNanos();
            while (!answer.isDone() && System.nanoTime() - end < 0) {
                if (!session.isOpen()) {
                    throw new IOException("the connection is lost");
                }
                pause();
            }
            return super.waitForInitResponse(answer, Duration.ofMillis(POLL_MILLIS));
        }

        /** Also checks the data of a file, which MINA's streams parse themselves. */
        @Override
        public @Nullable Buffer receive(int id, Duration longest) throws IOException {
            Buffer answer = super.receive(id, longest);
            if (answer != null) {
                int start = answer.rpos();
                parsed(() -> {
                    requireData(answer);
                    return answer;
                });
                answer.rpos(start);
            }
            return answer;
        }

        private void requireData(Buffer answer) throws IOException {
            answer.getInt(); // length
            int type = answer.getUByte();
            answer.getInt(); // number of the request
            if (type != SftpConstants.SSH_FXP_DATA) {
                empty = 0;
                return;
            }
            long size = answer.getUInt();
            empty = size == 0 ? empty + 1 : 0;
            if (size > answer.available() || empty > MOST_EMPTY) {
                throw new IOException(BROKEN);
            }
        }

        @Override
        protected void checkResponseStatus(SftpResponse answer) throws IOException {
            parsed(() -> {
                super.checkResponseStatus(answer);
                return answer;
            });
        }

        @Override
        protected byte[] checkHandleResponse(SftpResponse answer) throws IOException {
            return parsed(() -> super.checkHandleResponse(answer));
        }

        @Override
        protected Attributes checkAttributesResponse(SftpResponse answer) throws IOException {
            return parsed(() -> super.checkAttributesResponse(answer));
        }

        @Override
        protected String checkOneNameResponse(SftpResponse answer) throws IOException {
            return parsed(() -> super.checkOneNameResponse(answer));
        }

        @Override
        protected List<DirEntry> checkDirResponse(SftpResponse answer, AtomicReference<Boolean> end)
                throws IOException {
            return parsed(() -> super.checkDirResponse(answer, end));
        }

        @Override
        public SftpMessage write(int command, Buffer question) throws IOException {
            asked();
            return super.write(command, question);
        }

        @Override
        protected void process(Buffer answer) throws IOException {
            answered();
            super.process(answer);
        }
    }

    private synchronized void asked() {
        if (open++ == 0) {
            last = System.nanoTime();
        }
    }

    private synchronized void answered() {
        open = Math.max(0, open - 1);
        last = System.nanoTime();
    }

    private synchronized boolean silentSince(long time) {
        return open > 0 && System.nanoTime() - Math.max(last, time) > SILENCE.toNanos();
    }

    private void watch() {
        long cancelled = 0;
        while (session.isOpen()) {
            if (cancelled == 0 && progress.cancelled()) {
                cancelled = System.nanoTime();
            }
            if (cancelled != 0 && (silentSince(cancelled) || System.nanoTime() - cancelled > CLEARING_UP.toNanos())) {
                session.close(true);
                return;
            }
            try {
                pause();
            } catch (InterruptedIOException e) {
                return; // this thread is never interrupted
            }
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
