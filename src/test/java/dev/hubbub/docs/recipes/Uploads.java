package dev.hubbub.docs.recipes;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import dev.hubbub.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

@EventHandlers
public class Uploads {
    private final Path folder;

    public Uploads(Path folder) {
        this.folder = folder;
    }

    record Upload(String name) {}

    @OnEvent("upload")
    String upload(Client client, Room room, Upload upload, byte[] content) throws IOException {
        if (content == null) {
            throw new EventException(EventException.INVALID_DATA, "The file is missing");
        }
        String id = UUID.randomUUID().toString(); // never a path that a client has chosen
        Files.write(folder.resolve(id), content);
        room.publish("uploaded", Map.of("room", room.name(), "id", id, "name", upload.name()));
        return id;
    }
}
