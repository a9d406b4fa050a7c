-- The tables of Hubbub's history for MySQL 8 and MariaDB 10.5 and later. Texts that are compared are bytes (UTF-8), because
-- collations ignore blanks at the end.
CREATE TABLE IF NOT EXISTS hubbub_epoch (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  room VARBINARY(1200) NOT NULL,
  epoch BINARY(11) NOT NULL,
  floor BIGINT DEFAULT 0 NOT NULL,
  UNIQUE KEY hubbub_epoch_unique (room, epoch),
  KEY hubbub_epoch_order (room, id)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS hubbub_event (
  epoch_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  sender VARBINARY(1020),
  idem_key VARBINARY(128),
  except_ids VARBINARY(2000),
  elsewhere VARBINARY(2000),
  body MEDIUMBLOB NOT NULL,
  PRIMARY KEY (epoch_id, number)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS hubbub_outbox (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  room VARCHAR(300) CHARACTER SET utf8mb4 NOT NULL,
  name VARCHAR(128) CHARACTER SET utf8mb4 NOT NULL,
  data MEDIUMTEXT CHARACTER SET utf8mb4,
  created TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
) ENGINE = InnoDB;
