//! What the application knows of a socket: a JSON object that may travel.

use std::{any::TypeId, collections::BTreeMap, fmt, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

#[cfg(test)]
mod tests;

use super::Socket;
use crate::DataError;

/// The data of a socket: a JSON object of the application's, [`Socket::data`].
///
/// Unlike [`extensions`](Socket::extensions) it is seen from outside: by [`Broadcast::sockets`](crate::Broadcast::sockets)
/// here and on other nodes, by an admin page, and by the socket itself after a recovery. So do not keep secrets in it. It
/// holds at most [`SocketConfig::max_data`](crate::SocketConfig::max_data) bytes of text, and nothing is allocated while
/// it is empty.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sockeye_core::{DataError, Socket};
///
/// #[derive(Default, Deserialize, Serialize)]
/// struct Player {
///     name: String,
///     #[serde(default)]
///     score: u32,
/// }
///
/// fn joined(socket: &Socket, name: &str) -> Result<(), DataError> {
///     socket.data().set(&Player { name: name.to_owned(), score: 0 })
/// }
///
/// fn goal(socket: &Socket) -> Result<u32, DataError> {
///     socket.data().update(|player: &mut Player| player.score += 1)?;
///     Ok(socket.data().get::<Player>()?.map_or(0, |player| player.score))
/// }
/// ```
///
/// Fields can be used one by one, as in the reference's `socket.data.username`:
///
/// ```
/// # use sockeye_core::{DataError, Socket};
/// fn name(socket: &Socket) -> Result<Option<String>, DataError> {
///     socket.data().set_field("username", "ada")?;
///     socket.data().field("username")
/// }
/// ```
#[derive(Clone, Copy)]
#[must_use = "it is read or written by its methods"]
pub struct SocketData<'a>(&'a Socket);

impl Socket {
    /// What the application knows of this socket, as a JSON object.
    pub const fn data(&self) -> SocketData<'_> {
        SocketData(self)
    }

    /// The whole object as text; `None` while it is empty. What a store keeps for a later [`restore_data`](Self::restore_data).
    pub fn data_json(&self) -> Option<Arc<str>> {
        self.0.extras()?.data.lock().clone()
    }

    /// Puts back what [`data_json`](Self::data_json) gave, perhaps on another node. Nobody is told, and nothing is checked:
    /// it is for sockets that are about to join.
    pub fn restore_data(&self, json: Option<Arc<str>>) {
        if json.is_some() || self.0.extras().is_some() {
            *self.0.extras_or_new().data.lock() = json;
        }
    }
}

impl SocketData<'_> {
    /// The whole object; `None` while it is empty.
    ///
    /// # Errors
    /// [`DataError::Decode`] when it is not a `T`, and [`DataError::OtherType`] when the namespace has declared another.
    pub fn get<T: DeserializeOwned + 'static>(&self) -> Result<Option<T>, DataError> {
        self.check_type::<T>()?;
        self.0.data_json().as_deref().map(read).transpose()
    }

    /// Replaces the whole object.
    ///
    /// # Errors
    /// When the value is not an object, or too large, and as [`get`](Self::get). Then nothing has changed.
    pub fn set<T: Serialize + 'static>(&self, value: &T) -> Result<(), DataError> {
        self.check_type::<T>()?;
        let json = self.write(value)?;
        self.replace(json);
        Ok(())
    }

    /// Changes the whole object, which is `T::default()` while it is empty. If another task changes it meanwhile, `change`
    /// is called again, with what that one has made of it: no change is lost.
    ///
    /// # Errors
    /// As [`get`](Self::get) and [`set`](Self::set).
    pub fn update<T>(&self, mut change: impl FnMut(&mut T)) -> Result<(), DataError>
    where
        T: Serialize + DeserializeOwned + Default + 'static,
    {
        self.check_type::<T>()?;
        self.exchange(|json| {
            let mut value = json.map(read).transpose()?.unwrap_or_default();
            change(&mut value);
            self.write(&value)
        })
    }

    /// One field of the object; `None` if it has none of that name.
    ///
    /// # Errors
    /// [`DataError::Decode`] when the field is not a `T`.
    pub fn field<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, DataError> {
        let Some(json) = self.0.data_json() else { return Ok(None) };
        let fields: Fields = read(&json)?;
        fields.get(name).map(|field| read(field.get())).transpose()
    }

    /// Sets one field of the object and leaves the others as they are.
    ///
    /// # Errors
    /// When the object would become too large, or would no longer be what the namespace has declared. Then nothing has
    /// changed.
    pub fn set_field<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<(), DataError> {
        let value = serde_json::value::to_raw_value(value).map_err(DataError::Encode)?;
        self.change_fields(|fields| drop(fields.insert(name.to_owned(), value.clone())))
    }

    /// Takes one field out of the object.
    ///
    /// # Errors
    /// When the object would no longer be what the namespace has declared.
    pub fn remove_field(&self, name: &str) -> Result<(), DataError> {
        self.change_fields(|fields| drop(fields.remove(name)))
    }

    /// Empties it.
    pub fn clear(&self) {
        self.replace(None);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.data_json().is_none()
    }

    fn change_fields(&self, change: impl Fn(&mut Fields)) -> Result<(), DataError> {
        self.exchange(|json| {
            let mut fields: Fields = json.map(read).transpose()?.unwrap_or_default();
            change(&mut fields);
            let json = self.write(&fields)?;
            if let (Some(json), Some(declared)) = (&json, self.declared()) {
                (declared.check)(json).map_err(DataError::Decode)?;
            }
            Ok(json)
        })
    }

    /// Serialized, and within the bounds; nothing for an object without fields.
    fn write<T: Serialize>(&self, value: &T) -> Result<Option<Arc<str>>, DataError> {
        let json = serde_json::to_string(value).map_err(DataError::Encode)?;
        if !json.starts_with('{') {
            return Err(DataError::NotAnObject);
        }
        let most = self.0.context().config().max_data;
        if json.len() > most {
            return Err(DataError::TooLarge { bytes: json.len(), most });
        }
        Ok((json != "{}").then(|| json.into()))
    }

    fn replace(&self, json: Option<Arc<str>>) {
        let mut data = self.0.0.extras_or_new().data.lock();
        let changed = *data != json;
        *data = json;
        drop(data);
        self.tell(changed);
    }

    /// Replaces the object by what `change` makes of it. That is code of the application, so no lock is held meanwhile.
    fn exchange(
        &self,
        mut change: impl FnMut(Option<&str>) -> Result<Option<Arc<str>>, DataError>,
    ) -> Result<(), DataError> {
        loop {
            let old = self.0.data_json();
            let new = change(old.as_deref())?;
            let changed = old != new;
            let mut data = self.0.0.extras_or_new().data.lock();
            // As long as `old` lives, no other text has its address.
            if data.as_ref().map(Arc::as_ptr) == old.as_ref().map(Arc::as_ptr) {
                *data = new;
                drop(data);
                self.tell(changed);
                return Ok(());
            }
        }
    }

    fn tell(&self, changed: bool) {
        // Who joins is told of as a whole.
        if changed && self.0.connected() {
            self.0.context().observers().tell(|observer| observer.data_changed(self.0));
        }
    }

    fn check_type<T: 'static>(&self) -> Result<(), DataError> {
        self.declared().map_or(Ok(()), |declared| declared.allows::<T>())
    }

    fn declared(&self) -> Option<&DataType> {
        self.0.context().data_type()
    }
}

impl fmt::Debug for SocketData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketData").field("is_empty", &self.is_empty()).finish_non_exhaustive()
    }
}

/// What the data of a namespace's sockets is declared to be.
#[derive(Clone, Copy, Debug)]
pub struct DataType {
    id: TypeId,
    name: &'static str,
    check: fn(&str) -> Result<(), serde_json::Error>,
}

impl DataType {
    /// Objects of this type, and no other.
    pub fn of<T: DeserializeOwned + 'static>() -> Self {
        let check = |json: &str| serde_json::from_str::<T>(json).map(drop);
        Self { id: TypeId::of::<T>(), name: std::any::type_name::<T>(), check }
    }

    fn allows<T: 'static>(&self) -> Result<(), DataError> {
        let asked = TypeId::of::<T>();
        // Whoever wants JSON as such may look at anything.
        if asked == self.id
            || asked == TypeId::of::<Value>()
            || asked == TypeId::of::<serde_json::Map<String, Value>>()
        {
            return Ok(());
        }
        Err(DataError::OtherType { declared: self.name, asked: std::any::type_name::<T>() })
    }
}

/// The fields of an object, unread.
type Fields = BTreeMap<String, Box<RawValue>>;

pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, DataError> {
    serde_json::from_str(json).map_err(DataError::Decode)
}
