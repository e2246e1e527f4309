package org.layerwise.remote.ssh;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;

/**
 * SFTP of version 3 whose answers may break the protocol. Names with a dot are files of the content {@code a} and a line
 * feed, others are empty folders.
 *
 * @param answers answers to requests of a type, instead of the right ones: their type, and what follows the id
 */
public record RawSftp(Map<Integer, byte[]> answers) implements SubsystemFactory {

    private static final byte[] CONTENT = {'a', '\n'};

    /** An answer of a type and numbers of 32 bits. */
    public static byte[] answer(int type, int... numbers) {
        ByteBuffer bytes =
                ByteBuffer.allocate(1 + numbers.length * Integer.BYTES).put((byte) type);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    @Override
    public String getName() {
        return SftpConstants.SFTP_SUBSYSTEM_NAME;
    }

    @Override
    public Command createSubsystem(ChannelSession channel) {
        return new Talk();
    }

    private byte[] reply(int type, ByteBuffer body) {
        byte[] other = answers.get(type);
        if (other != null) {
            return other;
        }
        return switch (type) {
            case SftpConstants.SSH_FXP_STAT, SftpConstants.SSH_FXP_LSTAT, SftpConstants.SSH_FXP_FSTAT -> {
                boolean file = type == SftpConstants.SSH_FXP_FSTAT || text(body).contains(".");
                yield answer(SftpConstants.SSH_FXP_ATTRS, 5, 0, CONTENT.length, file ? 0100644 : 0040755);
            }
            case SftpConstants.SSH_FXP_OPEN, SftpConstants.SSH_FXP_OPENDIR ->
                answer(SftpConstants.SSH_FXP_HANDLE, 4, 'h');
            case SftpConstants.SSH_FXP_READ -> {
                text(body);
                yield body.getLong() == 0
                        ? new byte[] {SftpConstants.SSH_FXP_DATA, 0, 0, 0, 2, CONTENT[0], CONTENT[1]}
                        : status(SftpConstants.SSH_FX_EOF);
            }
            case SftpConstants.SSH_FXP_READDIR -> status(SftpConstants.SSH_FX_EOF);
            default -> status(SftpConstants.SSH_FX_OK);
        };
    }

    private static byte[] status(int code) {
        return answer(SftpConstants.SSH_FXP_STATUS, code, 0, 0);
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getInt()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private final class Talk implements Command {

        private @Nullable DataInputStream in;
        private @Nullable DataOutputStream out;
        private @Nullable ExitCallback ended;

        @Override
        public void setInputStream(InputStream stream) {
            in = new DataInputStream(stream);
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = new DataOutputStream(stream);
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            // nothing is written to it
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            ended = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            Thread thread = new Thread(this::talk, "raw-sftp");
            thread.setDaemon(true);
            thread.start();
        }

        private void talk() {
            try {
                while (true) {
                    byte[] packet = new byte[in.readInt()];
                    in.readFully(packet);
                    ByteBuffer request = ByteBuffer.wrap(packet);
                    int type = request.get();
                    int id = request.getInt();
                    boolean first = type == SftpConstants.SSH_FXP_INIT;
                    byte[] reply = first ? answer(SftpConstants.SSH_FXP_VERSION) : reply(type, request);
                    out.writeInt(reply.length + Integer.BYTES);
                    out.writeByte(reply[0]);
                    out.writeInt(first ? SftpConstants.SFTP_V3 : id);
                    out.write(reply, 1, reply.length - 1);
                    out.flush();
                }
            } catch (EOFException e) {
                ended.onExit(0);
            } catch (IOException e) {
                ended.onExit(1);
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            // the streams end with the channel
        }
    }
}
