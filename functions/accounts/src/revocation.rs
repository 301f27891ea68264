//! Revokes a key, and the keys that it created.

use callhook::domain::api_key::{KeyId, KeyOwner};
use callhook::ports::store::{KeyAdmin, StoreError};

/// The most created keys that one request revokes: some seconds of work.
const MAX_PER_REQUEST: usize = 100;

/// The created keys that one request revoked.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct CreatedKeys {
    pub(crate) revoked: usize,
    /// Keys that the request found; some were revoked before.
    pub(crate) seen: usize,
    /// Whether no key is left. If not, repeating the request continues.
    pub(crate) is_complete: bool,
}

/// Revokes a key. Returns whether `owner` has it.
pub(crate) async fn revoke<D: KeyAdmin>(
    store: &D,
    owner: &KeyOwner,
    id: &KeyId,
) -> Result<bool, StoreError> {
    let Some(revoked) = store.revoke_key(owner, id).await? else { return Ok(false) };
    // A key that created others stays in the list of its maker, which leads to them. So does one whose
    // request crashes here.
    let has_created_keys =
        *owner == KeyOwner::Platform && !store.made_keys(id, 1).await?.is_empty();
    if let Some(maker) = revoked.created_by.filter(|_| !has_created_keys) {
        store.remove_made_key(&maker, id).await?;
    }
    Ok(true)
}

/// Revokes the keys that `maker` created, those that these created, and so on. A key is revoked before those that
/// it created, so that it creates no more; it leaves its maker's list after them, so that a crash loses none.
pub(crate) async fn revoke_created_by<D: KeyAdmin>(
    store: &D,
    maker: &KeyId,
) -> Result<CreatedKeys, StoreError> {
    let mut created = CreatedKeys::default();
    // From the first maker to the key whose created keys are being revoked.
    let mut path = vec![maker.clone()];
    while let Some(maker) = path.last() {
        let Some(key) = store.made_keys(maker, 1).await?.pop() else {
            let done = path.pop();
            if let (Some(done), Some(its_maker)) = (done, path.last()) {
                store.remove_made_key(its_maker, &done).await?;
            }
            continue;
        };
        // Keys that were revoked before do not count: a chain has few generations.
        if created.revoked >= MAX_PER_REQUEST {
            return Ok(created);
        }
        created.seen += 1;
        created.revoked += usize::from(store.revoke_key(&key.owner, &key.id).await?.is_some());
        match key.owner {
            KeyOwner::Platform => path.push(key.id),
            KeyOwner::Account(_) => store.remove_made_key(maker, &key.id).await?,
        }
    }
    created.is_complete = true;
    Ok(created)
}

#[cfg(test)]
mod tests {
    use callhook::aws::dynamodb::ConfigTable;
    use callhook::domain::api_key::{ApiKey, Grant, KeyRequest, StoredKey};
    use callhook::domain::scope::Scopes;
    use callhook::ports::store::WriteError;
    use callhook::testing::TestTables;
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    async fn create(
        table: &ConfigTable,
        maker: Option<&StoredKey>,
    ) -> Result<StoredKey, WriteError> {
        let grant = maker.map_or_else(|| Grant::of_operator(Scopes::all()), Grant::of);
        let (request, now) = (json!({"name": "n"}), Timestamp::now());
        let owner = KeyOwner::Platform;
        let request = KeyRequest::parse(request.as_object().unwrap(), &owner, &grant, now).unwrap();
        let key = ApiKey::generate().unwrap();
        let record = request.into_stored_key(&key, &owner, now);
        table.create_key(&key.hash(), &record).await?;
        Ok(record)
    }

    async fn is_stored(table: &ConfigTable, key: &StoredKey) -> bool {
        table.stored_key(&KeyOwner::Platform, &key.id).await.unwrap().is_some()
    }

    #[tokio::test]
    async fn keys_that_a_key_created_are_revoked_with_all_their_descendants() {
        let table = TestTables::start().await.unwrap().config();
        let (root, other) =
            (create(&table, None).await.unwrap(), create(&table, None).await.unwrap());
        let child = create(&table, Some(&root)).await.unwrap();
        let descendants = [
            create(&table, Some(&root)).await.unwrap(),
            create(&table, Some(&child)).await.unwrap(),
            child,
        ];
        let others = create(&table, Some(&other)).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &root.id).await.unwrap());
        let revoked = revoke_created_by(&table, &root.id).await.unwrap();
        assert_eq!(revoked, CreatedKeys { revoked: 3, seen: 3, is_complete: true });
        for key in &descendants {
            assert!(!is_stored(&table, key).await);
        }
        assert!(is_stored(&table, &other).await && is_stored(&table, &others).await);
        let again = revoke_created_by(&table, &root.id).await.unwrap();
        assert_eq!(again, CreatedKeys { revoked: 0, seen: 0, is_complete: true });
    }

    #[tokio::test]
    async fn a_revocation_continues_after_a_crash() {
        let table = TestTables::start().await.unwrap().config();
        let root = create(&table, None).await.unwrap();
        let child = create(&table, Some(&root)).await.unwrap();
        let grandchild = create(&table, Some(&child)).await.unwrap();
        // As after a crash: the child is revoked, and its own keys are not.
        table.revoke_key(&KeyOwner::Platform, &root.id).await.unwrap();
        table.revoke_key(&KeyOwner::Platform, &child.id).await.unwrap();
        assert!(is_stored(&table, &grandchild).await);
        let revoked = revoke_created_by(&table, &root.id).await.unwrap();
        assert_eq!(revoked, CreatedKeys { revoked: 1, seen: 2, is_complete: true });
        assert!(!is_stored(&table, &grandchild).await);
    }

    #[tokio::test]
    async fn many_keys_take_several_requests() {
        let table = TestTables::start().await.unwrap().config();
        let root = create(&table, None).await.unwrap();
        for _ in 0..=MAX_PER_REQUEST {
            create(&table, Some(&root)).await.unwrap();
        }
        let first = revoke_created_by(&table, &root.id).await.unwrap();
        assert_eq!((first.revoked, first.is_complete), (MAX_PER_REQUEST, false));
        let mut revoked = first.revoked;
        for _ in 0..3 {
            let more = revoke_created_by(&table, &root.id).await.unwrap();
            revoked += more.revoked;
            if more.is_complete {
                break;
            }
        }
        assert_eq!(revoked, MAX_PER_REQUEST + 1);
        assert_eq!(table.made_keys(&root.id, 1).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_request_revokes_up_to_its_limit() {
        let table = TestTables::start().await.unwrap().config();
        let root = create(&table, None).await.unwrap();
        for _ in 0..MAX_PER_REQUEST {
            create(&table, Some(&root)).await.unwrap();
        }
        let first = revoke_created_by(&table, &root.id).await.unwrap();
        assert_eq!(
            first,
            CreatedKeys { revoked: MAX_PER_REQUEST, seen: MAX_PER_REQUEST, is_complete: true }
        );
    }

    #[tokio::test]
    async fn a_chain_longer_than_the_limit_is_revoked_by_several_requests() {
        let table = TestTables::start().await.unwrap().config();
        let root = create(&table, None).await.unwrap();
        let mut last = root.clone();
        for _ in 0..=MAX_PER_REQUEST {
            last = create(&table, Some(&last)).await.unwrap();
        }
        assert!(!revoke_created_by(&table, &root.id).await.unwrap().is_complete);
        assert!(is_stored(&table, &last).await);
        assert!(revoke_created_by(&table, &root.id).await.unwrap().is_complete);
        assert!(!is_stored(&table, &last).await);
    }

    #[tokio::test]
    async fn a_key_that_was_revoked_alone_leads_to_the_keys_that_it_created() {
        let table = TestTables::start().await.unwrap().config();
        let root = create(&table, None).await.unwrap();
        let child = create(&table, Some(&root)).await.unwrap();
        let grandchild = create(&table, Some(&child)).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &child.id).await.unwrap());
        assert!(is_stored(&table, &grandchild).await, "not requested");
        assert!(revoke_created_by(&table, &root.id).await.unwrap().is_complete);
        assert!(!is_stored(&table, &grandchild).await);
    }

    #[tokio::test]
    async fn a_revoked_key_creates_no_key() {
        let table = TestTables::start().await.unwrap().config();
        let root = create(&table, None).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &root.id).await.unwrap());
        assert!(matches!(create(&table, Some(&root)).await, Err(WriteError::Condition)));
    }

    #[tokio::test]
    async fn a_key_without_created_keys_leaves_the_list_of_its_maker() {
        let table = TestTables::start().await.unwrap().config();
        let root = create(&table, None).await.unwrap();
        let child = create(&table, Some(&root)).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &child.id).await.unwrap());
        assert_eq!(table.made_keys(&root.id, 1).await.unwrap(), []);
        assert!(is_stored(&table, &root).await);
    }
}
