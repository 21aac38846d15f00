//! Channel ids of a box, such as `register://electricity/0/activepower/sumli?avg=15`.

use model::Phase;

/// What a channel measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Mean active power over 15 minutes of a phase, kW.
    ActivePower(Phase),
    /// A well-formed channel of another quantity, interval, register or phase; ignored.
    Other,
}

/// The channel id isn't of the form `register://commodity/number/quantity/…?key=value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not of the shape register://electricity/0/activepower/sumli?avg=15")]
pub struct ChannelShapeError;

impl Channel {
    /// Parses a channel id, ignoring case and surrounding white space.
    ///
    /// Its form is `register://` commodity `/` register number `/` quantity (`/` element)*, then
    /// optionally `?` and `key=value` pairs joined by `&`. Names consist of letters, digits, `_`,
    /// `-` and `.`.
    ///
    /// # Errors
    /// [`ChannelShapeError`] if the id has another form.
    pub fn parse(id: &str) -> Result<Self, ChannelShapeError> {
        let id = id.trim().to_ascii_lowercase();
        let address = id.strip_prefix("register://").ok_or(ChannelShapeError)?;
        let (path, query) = match address.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (address, None),
        };
        let names: Vec<&str> = path.split('/').collect();
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if names.len() < 3 || !names.iter().all(|name| is_name(name)) || !is_number(names[1]) {
            return Err(ChannelShapeError);
        }
        let mut average = None;
        for pair in query.into_iter().flat_map(|query| query.split('&')) {
            match pair.split_once('=') {
                Some((key, value)) if is_name(key) && is_name(value) => {
                    if key == "avg" {
                        average = Some(value);
                    }
                }
                _ => return Err(ChannelShapeError),
            }
        }
        let phase = match names.as_slice() {
            ["electricity", "0", "activepower", phase] if average == Some("15") => phase.parse().ok(),
            _ => None,
        };
        Ok(phase.map_or(Self::Other, Self::ActivePower))
    }
}

fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !text.is_empty() && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_hour_active_power_of_the_four_phases_counts() {
        for phase in Phase::ALL {
            let id = format!("register://electricity/0/activepower/{}?avg=15", phase.as_str());
            assert_eq!(Channel::parse(&id), Ok(Channel::ActivePower(phase)));
            assert_eq!(Channel::parse(&id.to_uppercase()), Ok(Channel::ActivePower(phase)));
        }
    }

    #[test]
    fn other_well_formed_channels_are_ignored() {
        for id in [
            "register://electricity/0/reactivepower/sumli?avg=15",
            "register://electricity/0/activepower/sumli?avg=5",
            "register://electricity/0/activepower/sumli",
            "register://electricity/0/activepower/n?avg=15",
            "register://electricity/0/activepower/import/l1?avg=15",
            "register://electricity/1/activepower/sumli?avg=15",
            "register://gas/0/volume?avg=60&unit=m3",
        ] {
            assert_eq!(Channel::parse(id), Ok(Channel::Other), "{id}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for id in [
            "",
            "sumli",
            "register://",
            "register://electricity/0",
            "register://electricity/x/activepower/sumli?avg=15",
            "register://electricity/0/activepower/?avg=15",
            "register://electricity/0/activepower/sumli?avg",
            "register://electricity/0/activepower/sumli?",
            "register:/electricity/0/activepower/sumli?avg=15",
            "register://electricity/0/activepower/sum li?avg=15",
        ] {
            assert_eq!(Channel::parse(id), Err(ChannelShapeError), "{id}");
        }
    }
}
