package org.layerwise.remote.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.shell.ProcessShellFactory;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.jspecify.annotations.Nullable;

/** A computer that is reached by SSH: MINA's own server on the loopback address, whose commands run in this computer's shell. */
public final class SshHost implements AutoCloseable {

    private final SshServer server = SshServer.setUpDefaultServer();
    private final List<PublicKey> allowed = new ArrayList<>();
    private final AtomicBoolean mute = new AtomicBoolean();
    private final AtomicReference<@Nullable Path> crowded = new AtomicReference<>();
    private final AtomicReference<@Nullable Path> commands = new AtomicReference<>();

    /** @param keys by which it shows who it is */
    public SshHost(KeyPair... keys) throws IOException {
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(keys));
        server.setPublickeyAuthenticator((user, key, session) ->
                user.equals("ada") && allowed.stream().anyMatch(known -> KeyUtils.compareKeys(known, key)));
        server.setCommandFactory((channel, command) -> {
            Path folder = commands.get();
            String whole = folder == null ? command : "PATH='%s':$PATH; %s".formatted(folder, command);
            return new ProcessShellFactory(whole, "sh", "-c", whole).createShell(channel);
        });
        server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        SftpSubsystemFactory files = new SftpSubsystemFactory();
        files.addSftpEventListener(new SftpEventListener() {
            @Override
            public void received(ServerSession session, int type, int id) throws IOException {
                awaitVoice();
            }
        });
        files.setFileSystemAccessor(new SftpFileSystemAccessor() {
            @Override
            public DirectoryStream<Path> openDirectory(
                    SftpSubsystemProxy subsystem,
                    DirectoryHandle handle,
                    Path folder,
                    String asked,
                    LinkOption... options)
                    throws IOException {
                return folder.equals(crowded.get())
                        ? new Crowd(folder)
                        : SftpFileSystemAccessor.super.openDirectory(subsystem, handle, folder, asked, options);
            }
        });
        server.setSubsystemFactories(List.of(files));
        server.start();
    }

    /** Lets a key in, for the user ada. */
    public void allow(KeyPair key) {
        allowed.add(key.getPublic());
    }

    /** Adds a key of this computer to a file of known hosts. */
    public void introduce(KeyPair key, Path known) {
        new KnownHosts(List.of(), known).add("127.0.0.1", port(), key.getPublic());
    }

    public int port() {
        return server.getPort();
    }

    /** Looks for commands in a folder first from now on. */
    public void findCommandsIn(Path folder) {
        commands.set(folder);
    }

    /** Shows another key from now on. */
    public void setKeys(KeyPair... keys) {
        server.setKeyPairProvider(KeyPairProvider.wrap(keys));
    }

    /** Answers questions about files in another way from now on. */
    public void answerFiles(SubsystemFactory files) {
        server.setSubsystemFactories(List.of(files));
    }

    /** Answers no question about files from now on. */
    public void mute() {
        mute.set(true);
    }

    /** Lists names without end as those in a folder from now on, all of a file that is put there. */
    public void crowd(Path folder) throws IOException {
        Files.createFile(folder.resolve(Crowd.NAME));
        crowded.set(folder);
    }

    /** Sends messages that say nothing all the time from now on, as a server does that wants to be taken for alive. */
    public void murmur() {
        Thread thread = new Thread(this::sendNothings, "murmur");
        thread.setDaemon(true);
        thread.start();
    }

    private void sendNothings() {
        try {
            while (server.isOpen()) {
                for (AbstractSession session : server.getActiveSessions()) {
                    if (!session.isAuthenticated()) {
                        continue; // not a word is allowed before
                    }
                    Buffer nothing = session.createBuffer(SshConstants.SSH_MSG_IGNORE);
                    nothing.putString("nothing");
                    session.writePacket(nothing);
                }
                Thread.sleep(100);
            }
        } catch (IOException | InterruptedException e) {
            return; // the other side has gone
        }
    }

    private record Crowd(Path folder) implements DirectoryStream<Path> {

        private static final String NAME = "one-of-many";

        @Override
        public Iterator<Path> iterator() {
            return Stream.generate(() -> folder.resolve(NAME)).iterator();
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private void awaitVoice() throws InterruptedIOException {
        try {
            while (mute.get()) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    /** Cuts all connections, as a network that fails. */
    public void cut() {
        server.getActiveSessions().forEach(session -> session.close(true));
    }

    @Override
    public void close() throws IOException {
        mute.set(false);
        server.stop(true);
    }

    /** A new key such as {@code ssh-ed25519}. */
    public static KeyPair key(String type) {
        try {
            return KeyUtils.generateKeyPair(type, type.equals("ssh-rsa") ? 2048 : 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a private key as ssh-keygen does. */
    public static Path write(Path file, KeyPair key, @Nullable String passphrase) throws Exception {
        OpenSSHKeyEncryptionContext lock = null;
        if (passphrase != null) {
            lock = new OpenSSHKeyEncryptionContext();
            lock.setCipherType("256");
            lock.setPassword(passphrase);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "test", lock, out);
        }
        return file;
    }
}
